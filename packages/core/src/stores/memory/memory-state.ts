import type { Clock } from '../../clock.ts';
import type { KeyPage, KeyPageRequest } from '../../store/key-page.ts';
import type { StateStore } from '../../store/state-store.ts';
import { MemoryDocuments } from './memory-documents.ts';
import { MemoryLocks } from './memory-locks.ts';
import { LogOperations, MemoryLog } from './memory-log.ts';
import { MemoryLogs } from './memory-logs.ts';
import { MemoryRuns } from './memory-runs.ts';
import { SortedKeys } from './sorted-keys.ts';

/**
 * Holds the state of one namespace in memory, gone with the process. Nothing is evicted: what has no ttl and is not
 * deleted stays.
 */
export class MemoryState implements StateStore {
  readonly locks: MemoryLocks;
  readonly runs: MemoryRuns;
  readonly #clock: Clock;
  readonly #sweepMs: number;
  readonly #spaces = new Map<string, MemoryDocuments>();
  readonly #spaceNames = new SortedKeys();
  readonly #logs: MemoryLogs;
  readonly #logOperations: LogOperations;
  #cancelSweep: (() => void) | undefined;

  /** @param sweepMs is the time between two looks for what is over */
  constructor(clock: Clock, sweepMs: number) {
    this.#clock = clock;
    this.#sweepMs = sweepMs;
    this.locks = new MemoryLocks(clock, this.#scheduleSweep);
    this.runs = new MemoryRuns(clock, this.#scheduleSweep);
    this.#logs = new MemoryLogs(clock, this.#scheduleSweep);
    this.#logOperations = new LogOperations(this.#logs);
  }

  documents(space: string): MemoryDocuments {
    const existing = this.#spaces.get(space);
    if (existing !== undefined) return existing;
    const created = new MemoryDocuments(this.#clock, this.#scheduleSweep);
    this.#spaces.set(space, created);
    this.#spaceNames.add(space);
    return created;
  }

  spaces(request: KeyPageRequest): KeyPage {
    return this.#spaceNames.page(request, (space) => this.#spaces.get(space)?.holdsAny() === true);
  }

  log(name: string): MemoryLog {
    return new MemoryLog(this.#logs, name, this.#logOperations);
  }

  /** Stops looking for what is over. */
  close(): void {
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
  }

  readonly #scheduleSweep = (): void => {
    this.#cancelSweep ??= this.#clock.after(this.#sweepMs, this.#sweep);
  };

  readonly #sweep = (): void => {
    this.#cancelSweep = undefined;
    const parts = [...this.#spaces.values(), this.#logs, this.locks, this.runs];
    const isExpiring = parts.map((part) => part.removeExpired()).includes(true);
    if (isExpiring) this.#scheduleSweep();
  };
}
