import {
  InvalidOptionError,
  memoryStore,
  parseDuration,
  systemClock,
  type Clock,
  type Duration,
  type Store,
} from '@keepstep/core';
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint';

import { KeepstepSerializer } from './serializer/keepstep-serializer.ts';
import { compressorOf, type Compression } from './sealing/compression.ts';
import { KeyRing, type EncryptionOptions } from './sealing/key-ring.ts';
import { Sealer } from './sealing/sealer.ts';
import type { SaverTerms } from './terms/termed-checkpoints.ts';
import { ThreadOwnership, type OwnershipOptions } from './terms/thread-ownership.ts';

/** Configures a checkpointer. */
export interface KeepstepSaverOptions {
  /** Keeps the threads. Default: `memoryStore()`, gone with the process. */
  readonly store?: Store;
  /** Separates checkpointers that share one store. Default: "default". */
  readonly namespace?: string;
  /** Turns values into bytes and back. Default: a `KeepstepSerializer`. */
  readonly serde?: SerializerProtocol;
  /** Compresses what is stored: "gzip", "brotli" or "zstd", which needs Node 22.15. Default: off. */
  readonly compression?: Compression;
  /** Encrypts what is stored, with keys that can be changed. Default: off. */
  readonly encryption?: EncryptionOptions;
  /** Is how long a thread stays after it was used last, from a second to ten years; it goes as a whole. Default: for good. */
  readonly ttl?: Duration;
  /** Says what counts as using: "write", or "read", which includes writing. Default: "write". */
  readonly refreshOn?: 'write' | 'read';
  /** Lets one worker at a time change a thread. Default: false. */
  readonly ownership?: boolean | OwnershipOptions;
  /** Gives the time for heartbeats and ages; the store has its own for what expires. Default: the clock of the machine. */
  readonly clock?: Clock;
}

/** Holds the options of a checkpointer, checked and with their defaults. */
export interface ResolvedSaverOptions {
  readonly store: Store;
  readonly namespace: string;
  readonly serde: SerializerProtocol;
  readonly sealer: Sealer;
  readonly terms: SaverTerms;
  readonly clock: Clock;
}

/** @throws InvalidOptionError for an option that is not allowed */
export function resolveSaverOptions(options: KeepstepSaverOptions): ResolvedSaverOptions {
  for (const name of Object.keys(options)) {
    // What a misspelt option holds is not shown: it may be a key.
    if (!KNOWN.includes(name)) throw new InvalidOptionError(name, '(not shown)', KNOWN.join(', '));
  }
  const { store = memoryStore(), namespace = 'default', compression, encryption, clock = systemClock } = options;
  const { serde = new KeepstepSerializer() } = options;
  if (typeof namespace !== 'string' || namespace === '') {
    throw new InvalidOptionError('namespace', namespace, 'a text that is not empty');
  }
  const compressor = compression === undefined ? undefined : compressorOf(compression);
  const keys = encryption === undefined ? undefined : new KeyRing(encryption);
  return {
    store,
    namespace,
    serde,
    sealer: new Sealer(compressor, keys),
    terms: termsOf(options, store, namespace),
    clock,
  };
}

function termsOf(options: KeepstepSaverOptions, store: Store, namespace: string): SaverTerms {
  const { ttl, refreshOn = 'write', ownership = false, clock } = options;
  const ttlMs = ttl === undefined ? undefined : Math.ceil(parseDuration(ttl, 'ttl'));
  if (ttlMs !== undefined && (ttlMs < SHORTEST_MS || ttlMs > LONGEST_MS)) {
    throw new InvalidOptionError('ttl', ttl, 'a duration from one second to ten years');
  }
  if (refreshOn !== 'write' && refreshOn !== 'read') {
    throw new InvalidOptionError('refreshOn', refreshOn, '"write", "read"');
  }
  if (ownership === false) return { ttlMs, refreshesOnRead: refreshOn === 'read', ownership: undefined };
  const owned = new ThreadOwnership(store, namespace, ownership === true ? {} : ownership, clock);
  return { ttlMs, refreshesOnRead: refreshOn === 'read', ownership: owned };
}

const KNOWN = ['store', 'namespace', 'serde', 'compression', 'encryption', 'ttl', 'refreshOn', 'ownership', 'clock'];
const SHORTEST_MS = 1_000;
const LONGEST_MS = 10 * 365 * 86_400_000;
