import type {
  AppendedEntries,
  LogBounds,
  LogCut,
  LogDraft,
  LogEntry,
  LogPage,
  LogReadRequest,
  LogStore,
} from '../../store/log-store.ts';
import type { LogContent, MemoryLogs } from './memory-logs.ts';
import { OperationMemory } from './operation-memory.ts';

/** Holds what the operations on the logs of one namespace have answered. */
export class LogOperations {
  readonly appended: OperationMemory<AppendedEntries>;
  readonly trimmed: OperationMemory<number>;
  readonly deleted: OperationMemory<boolean>;

  constructor({ clock }: MemoryLogs) {
    this.appended = new OperationMemory(clock);
    this.trimmed = new OperationMemory(clock);
    this.deleted = new OperationMemory(clock);
  }
}

/** Is one log in memory. Every method is synchronous, so it is one step. */
export class MemoryLog implements LogStore {
  readonly #logs: MemoryLogs;
  readonly #name: string;
  readonly #operations: LogOperations;

  constructor(logs: MemoryLogs, name: string, operations: LogOperations) {
    this.#logs = logs;
    this.#name = name;
    this.#operations = operations;
  }

  append(operation: string, drafts: readonly LogDraft[], bounds: LogBounds): AppendedEntries {
    return this.#operations.appended.once(this.#own(operation), () => {
      const log = this.#logs.open(this.#name);
      const now = this.#logs.clock.now();
      const at = Math.max(now, log.entries.at(-1)?.at ?? 0);
      const firstId = log.lastId + 1;
      for (const draft of drafts) log.entries.push({ ...draft, id: (log.lastId += 1), at });
      cut(log, bounds, now);
      log.expiresAt = bounds.ttlMs === undefined ? Infinity : now + bounds.ttlMs;
      if (bounds.ttlMs !== undefined) this.#logs.onExpiring();
      this.#logs.wake(this.#name);
      return { firstId, lastId: log.lastId };
    });
  }

  read({ after = 0, before = Infinity, limit, reverse = false }: LogReadRequest): LogPage {
    const log = this.#logs.find(this.#name) ?? { entries: [], start: 0, lastId: 0 };
    const { entries, lastId } = log;
    const base = lastId - entries.length + 1;
    const firstId = base + log.start;
    const start = Math.max(log.start, after + 1 - base);
    const end = Math.min(entries.length, before - base);
    const found = reverse
      ? entries.slice(Math.max(start, end - limit), Math.max(start, end)).reverse()
      : entries.slice(start, Math.max(start, Math.min(end, start + limit)));
    return { entries: found, firstId, lastId };
  }

  wait(after: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!signal.aborted && this.read({ limit: 0 }).lastId === after) return;
        stop();
        signal.removeEventListener('abort', check);
        resolve();
      };
      const stop = this.#logs.watch(this.#name, check);
      signal.addEventListener('abort', check);
      check();
    });
  }

  trim(operation: string, bounds: LogCut): number {
    return this.#operations.trimmed.once(this.#own(operation), () => {
      const log = this.#logs.find(this.#name);
      return log === undefined ? 0 : cut(log, bounds, this.#logs.clock.now());
    });
  }

  touch(ttlMs: number): void {
    const log = this.#logs.find(this.#name);
    if (log === undefined) return;
    log.expiresAt = this.#logs.clock.now() + ttlMs;
    this.#logs.onExpiring();
  }

  delete(operation: string): boolean {
    return this.#operations.deleted.once(this.#own(operation), () => this.#logs.delete(this.#name));
  }

  #own(operation: string): string {
    return `${this.#name}\n${operation}`;
  }
}

function cut(log: LogContent, { maxLength = Infinity, maxAgeMs = Infinity }: LogCut, now: number): number {
  const { entries } = log;
  const before = log.start;
  log.start = Math.max(before, entries.length - maxLength);
  while (log.start < entries.length && now - (entries[log.start] as LogEntry).at > maxAgeMs) log.start += 1;
  const count = log.start - before;
  // Moved together now and then only: a log at its bound would otherwise be copied with every append.
  if (log.start > entries.length / 2) {
    log.entries = entries.slice(log.start);
    log.start = 0;
  }
  return count;
}
