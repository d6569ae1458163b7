import type { Clock } from '../../clock.ts';
import type { LogEntry } from '../../store/log-store.ts';

/** Holds the logs of one namespace in memory, by name. */
export class MemoryLogs {
  readonly clock: Clock;
  /** Is called when there is something whose time will be over. */
  readonly onExpiring: () => void;
  readonly #logs = new Map<string, LogContent>();
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(clock: Clock, onExpiring: () => void) {
    this.clock = clock;
    this.onExpiring = onExpiring;
  }

  /** Returns a log that is there. */
  find(name: string): LogContent | undefined {
    const log = this.#logs.get(name);
    if (log === undefined || log.expiresAt > this.clock.now()) return log;
    this.#logs.delete(name);
    return undefined;
  }

  /** Returns a log, an empty one if need be. */
  open(name: string): LogContent {
    const found = this.find(name);
    if (found !== undefined) return found;
    const created: LogContent = { entries: [], start: 0, lastId: 0, expiresAt: Infinity };
    this.#logs.set(name, created);
    return created;
  }

  delete(name: string): boolean {
    const existed = this.find(name) !== undefined;
    this.#logs.delete(name);
    this.wake(name);
    return existed;
  }

  /** Adds somebody who wants to know when a log changes; the returned function removes it. */
  watch(name: string, changed: () => void): () => void {
    const watchers = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, watchers.add(changed));
    return () => {
      watchers.delete(changed);
      if (watchers.size === 0 && this.#waiting.get(name) === watchers) this.#waiting.delete(name);
    };
  }

  wake(name: string): void {
    for (const changed of this.#waiting.get(name) ?? []) changed();
  }

  /** Lets go of logs whose time is over; tells whether there are more that will go. */
  removeExpired(): boolean {
    let isExpiring = false;
    for (const name of this.#logs.keys()) {
      const log = this.find(name);
      if (log !== undefined && log.expiresAt < Infinity) isExpiring = true;
    }
    return isExpiring;
  }
}

/** Is what a log holds. */
export interface LogContent {
  /** Holds the entries, after some that are gone already. */
  entries: LogEntry[];
  /** Is where those begin that are not gone. */
  start: number;
  lastId: number;
  /** Is `Infinity` for a log that stays. */
  expiresAt: number;
}
