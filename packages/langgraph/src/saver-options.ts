import { InvalidOptionError, memoryStore, type Store } from '@keepstep/core';
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint';

import { KeepstepSerializer } from './serializer/keepstep-serializer.ts';
import { compressorOf, type Compression } from './sealing/compression.ts';
import { KeyRing, type EncryptionOptions } from './sealing/key-ring.ts';
import { Sealer } from './sealing/sealer.ts';

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
}

/** Holds the options of a checkpointer, checked and with their defaults. */
export interface ResolvedSaverOptions {
  readonly store: Store;
  readonly namespace: string;
  readonly serde: SerializerProtocol;
  readonly sealer: Sealer;
}

/** @throws InvalidOptionError for an option that is not allowed */
export function resolveSaverOptions(options: KeepstepSaverOptions): ResolvedSaverOptions {
  for (const name of Object.keys(options)) {
    // What a misspelt option holds is not shown: it may be a key.
    if (!KNOWN.includes(name)) throw new InvalidOptionError(name, '(not shown)', KNOWN.join(', '));
  }
  const { store = memoryStore(), namespace = 'default', compression, encryption } = options;
  const { serde = new KeepstepSerializer() } = options;
  if (typeof namespace !== 'string' || namespace === '') {
    throw new InvalidOptionError('namespace', namespace, 'a text that is not empty');
  }
  const compressor = compression === undefined ? undefined : compressorOf(compression);
  const keys = encryption === undefined ? undefined : new KeyRing(encryption);
  return { store, namespace, serde, sealer: new Sealer(compressor, keys) };
}

const KNOWN = ['store', 'namespace', 'serde', 'compression', 'encryption'];
