import { systemClock, type Clock } from '../../clock.ts';
import { parseDuration, type Duration } from '../../duration.ts';
import { checkCount, checkKnown } from '../../option-checks.ts';
import type { Store } from '../../store/store.ts';
import { MemoryEntries } from './memory-entries.ts';
import type { MemoryEntry } from './memory-entry.ts';
import type { MemoryCheckpoints } from './memory-checkpoints.ts';
import type { MemoryState } from './memory-state.ts';
import { Sieve } from '../../near-cache/sieve.ts';

/** Configures the in-memory store. */
export interface MemoryStoreOptions {
  /** Bounds the number of entries; 0 stores nothing. Default: 10 000. */
  readonly maxEntries?: number;
  /** Bounds the estimated size of all entries, in bytes. Default: 64 MiB. */
  readonly maxBytes?: number;
  /** Bounds the number of invalidated resources that are remembered; forgetting one costs misses, never freshness. Default: 100 000. */
  readonly maxTags?: number;
  /** Is the time between two sweeps for entries whose time is over. Default: "30s". */
  readonly sweepInterval?: Duration;
  /** Gives the time. Default: the clock of the machine. */
  readonly clock?: Clock;
}

/**
 * Creates a store in the memory of this process: the fastest one, and gone with the process.
 *
 * Its answers are all immediate, so a hit costs one look into a map and one comparison.
 *
 * @throws InvalidOptionError for a bound that is not a whole number of at least 0
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  checkKnown(options, ['maxEntries', 'maxBytes', 'maxTags', 'sweepInterval', 'clock']);
  const { maxEntries = 10_000, maxBytes = 64 * 1024 * 1024, maxTags = 100_000, clock = systemClock } = options;
  checkCount(maxEntries, 'maxEntries', 0);
  checkCount(maxBytes, 'maxBytes', 0);
  checkCount(maxTags, 'maxTags', 1);
  const sweepMs = parseDuration(options.sweepInterval ?? '30s', 'sweepInterval');

  const table = new Sieve<MemoryEntry>(maxEntries, maxBytes, (entry) => entry.owner.evicted(entry));
  const namespaces = new Map<string, MemoryEntries>();
  const states = new Map<string, Promise<MemoryState>>();
  const checkpoints = new Map<string, Promise<MemoryCheckpoints>>();
  let cancelSweep: (() => void) | undefined;

  function sweep(): void {
    const now = clock.now();
    for (const entry of table.nodes()) if (entry.freshUntil + entry.retainMs <= now) entry.owner.expire(entry);
    cancelSweep = table.size > 0 ? clock.after(sweepMs, sweep) : undefined;
  }

  function scheduleSweep(): void {
    cancelSweep ??= clock.after(sweepMs, sweep);
  }

  return {
    name: 'memory',
    shared: false,
    entries(namespace) {
      const existing = namespaces.get(namespace);
      if (existing !== undefined) return existing;
      const created = new MemoryEntries(table, maxTags, clock, scheduleSweep);
      namespaces.set(namespace, created);
      return created;
    },
    state(namespace) {
      const existing = states.get(namespace);
      if (existing !== undefined) return existing;
      // On demand, so that whoever only caches does not load it.
      const opening = import('./memory-state.ts').then(({ MemoryState }) => new MemoryState(clock, sweepMs));
      states.set(namespace, opening);
      return opening;
    },
    checkpoints(namespace) {
      const existing = checkpoints.get(namespace);
      if (existing !== undefined) return existing;
      const opening = import('./memory-checkpoints.ts').then(
        ({ MemoryCheckpoints }) => new MemoryCheckpoints(clock, sweepMs),
      );
      checkpoints.set(namespace, opening);
      return opening;
    },
    async close() {
      for (const each of [...states.values(), ...checkpoints.values()]) (await each).close();
      cancelSweep?.();
      cancelSweep = undefined;
      for (const entries of namespaces.values()) entries.clear();
    },
  };
}
