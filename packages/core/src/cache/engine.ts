import type { Clock } from '../clock.ts';
import type { EventListener } from '../events.ts';
import { CounterRegistry } from '../observe/counter-registry.ts';
import { Counters } from '../observe/counters.ts';
import { EventBus } from '../observe/event-bus.ts';
import { InvalidationJournal } from '../observe/invalidation-journal.ts';
import { Reporter } from '../observe/reporter.ts';
import type { EntryStore } from '../store/entry-store.ts';
import { DirtyTags } from './dirty-tags.ts';
import { Invalidator } from './invalidator.ts';
import { EntryServer } from './entry-server.ts';
import { GuardedStore } from './guarded-store.ts';
import { Loader } from './loader.ts';
import { ReadThrough } from './read-through.ts';

/** Holds the parts of which every cache is made. */
export interface Engine {
  /** Is the owner of the contexts that the cache enters. */
  readonly owner: object;
  readonly clock: Clock;
  readonly entries: EntryStore;
  readonly bus: EventBus;
  readonly reporter: Reporter;
  readonly journal: InvalidationJournal;
  readonly hits: EntryServer;
  readonly reads: ReadThrough;
  readonly invalidator: Invalidator;
  readonly counters: Counters;
  readonly toolCounters: CounterRegistry;
  readonly resourceCounters: CounterRegistry;
}

/**
 * Puts the parts of a cache together.
 *
 * @param isBounded tells that the entries may be stale for a while
 */
export function createEngine(
  name: string,
  entries: EntryStore,
  clock: Clock,
  onEvent: EventListener | undefined,
  isBounded: boolean = false,
): Engine {
  const bus = new EventBus();
  if (onEvent !== undefined) bus.on(onEvent);
  const counters = new Counters();
  const resourceCounters = new CounterRegistry();
  const reporter = new Reporter(name, clock, bus, counters);
  const journal = new InvalidationJournal();
  const dirty = new DirtyTags(clock);
  const store = new GuardedStore(entries, reporter, dirty);
  const hits = new EntryServer(store, clock, reporter, isBounded);
  const loader = new Loader(store, clock, reporter, dirty);
  return {
    owner: {},
    clock,
    entries,
    bus,
    reporter,
    journal,
    hits,
    reads: new ReadThrough(store, hits, loader, reporter, journal, dirty),
    invalidator: new Invalidator(entries, reporter, journal, dirty, resourceCounters),
    counters,
    toolCounters: new CounterRegistry(),
    resourceCounters,
  };
}
