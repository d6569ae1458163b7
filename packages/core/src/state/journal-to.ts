import { messageOf } from '../errors.ts';
import type { KeepstepEvent } from '../events.ts';
import { checkCount, checkKnown } from '../option-checks.ts';
import type { EventLog } from './event-log.ts';

const BATCH = 100;

/** Configures a journal. */
export interface JournalOptions {
  /** Is how many events wait for the store at most; more than that are dropped, and their number is noted. Default: 1000. */
  readonly maxPending?: number;
}

/** Listens to the events of a cache and writes them to a log. */
export interface Journal {
  (event: KeepstepEvent): void;
  /** Resolves when everything that has happened so far is written or was dropped. */
  flush(): Promise<void>;
  /** Counts the events that were dropped, because too many were waiting or the store has failed. */
  dropped(): number;
}

/**
 * Returns a listener that writes the events of a cache to a log: `cache.on(journalTo(state.log("cache")))`. Arguments of
 * calls are left out, for what they may reveal; of errors, the message is kept. It never holds up a call.
 */
export function journalTo(log: EventLog, options: JournalOptions = {}): Journal {
  checkKnown(options, ['maxPending']);
  const maxPending = checkCount(options.maxPending ?? 1_000, 'maxPending', 1);
  let pending: KeepstepEvent[] = [];
  let writing: Promise<void> | undefined;
  let dropped = 0;
  let unnoted = 0;

  function drop(count: number): void {
    dropped += count;
    unnoted += count;
  }

  async function write(): Promise<void> {
    while (pending.length > 0) {
      const batch = pending.slice(0, BATCH);
      pending = pending.slice(BATCH);
      const events = batch.map(entryOf);
      const noting = unnoted;
      if (noting > 0) events.unshift({ type: 'events-dropped', data: { count: noting } });
      try {
        await log.appendMany(events);
        unnoted -= noting;
      } catch {
        drop(batch.length);
      }
    }
    writing = undefined;
  }

  const journal = (event: KeepstepEvent): void => {
    if (pending.length >= maxPending) {
      drop(1);
      return;
    }
    pending.push(event);
    writing ??= Promise.resolve().then(write);
  };
  return Object.assign(journal, {
    async flush() {
      for (let current = writing; current !== undefined; current = writing) await current;
    },
    dropped: () => dropped,
  });
}

function entryOf(event: KeepstepEvent): { type: string; data: unknown } {
  const { type, ...facts } = event;
  const kept = Object.entries(facts).flatMap(([name, value]: [string, unknown]) => {
    if (name === 'args' || value === undefined) return [];
    return [[name, name === 'error' ? messageOf(value) : value] as const];
  });
  return { type, data: Object.fromEntries(kept) };
}
