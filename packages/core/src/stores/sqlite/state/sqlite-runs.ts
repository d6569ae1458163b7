import type { KeyPage } from '../../../store/key-page.ts';
import type { LogDraft, LogStore } from '../../../store/log-store.ts';
import type {
  RunListRequest,
  RunOpened,
  RunOpening,
  RunRecord,
  RunRecorded,
  RunStore,
  StoredRun,
} from '../../../store/run-store.ts';
import type { RunTable } from './run-table.ts';
import { SqliteLog, type LogParts } from './sqlite-log.ts';

/** Holds the runs of one namespace in a SQLite file. */
export class SqliteRuns implements RunStore {
  readonly #parts: LogParts;
  readonly #runs: RunTable;

  constructor(parts: LogParts, runs: RunTable) {
    this.#parts = parts;
    this.#runs = runs;
  }

  open(operation: string, request: RunOpening): RunOpened {
    let opened: StoredRun | undefined;
    const answer = this.#change('open', request.id, operation, (now) => {
      const refusal = this.#open(request, now);
      if (refusal === undefined) opened = this.#runs.read(request.id, now);
      return refusal ?? { kind: 'opened' as const };
    });
    if (answer.kind === 'stale') return answer;
    // Carried out before: what has happened since is true, too.
    const run = opened ?? this.read(request.id);
    return run === undefined ? { kind: 'gone' } : { kind: 'opened', run };
  }

  record(operation: string, record: RunRecord): RunRecorded {
    return this.#change('record', record.id, operation, (now) => this.#record(record, now));
  }

  read(id: string): StoredRun | undefined {
    const { database, clock } = this.#parts;
    return database.snapshot(() => this.#runs.read(id, clock.now()));
  }

  list(request: RunListRequest): KeyPage {
    const { database, clock } = this.#parts;
    return database.read(() => this.#runs.page(request, clock.now()));
  }

  delete(operation: string, id: string): boolean {
    const { operations, logs, watch } = this.#parts;
    const existed = operations.once({ method: 'delete', name: id }, operation, (now) => {
      const found = this.#runs.find(id, now);
      this.#runs.discard(id);
      logs.remove({ kind: 'run', name: id }, now);
      return found !== undefined;
    });
    watch.changed();
    return existed;
  }

  log(id: string): LogStore {
    return new SqliteLog(this.#parts, { kind: 'run', name: id });
  }

  #open(request: RunOpening, now: number): { readonly kind: 'stale'; readonly fence: number } | undefined {
    const { id, fence, incarnation, ttlMs, maxEvents } = request;
    const found = this.#runs.find(id, now);
    if (found !== undefined && fence < found.fence) return { kind: 'stale', fence: found.fence };
    const run = found ?? this.#runs.add(id, incarnation, now);
    this.#runs.setFence(run.id, fence);
    if (run.status === 'completed') return undefined;
    this.#runs.countOpening(run.id);
    this.#log(id, found === undefined ? request.createdEvents : request.resumedEvents, maxEvents, ttlMs, now);
    this.#runs.touch(run.id, ttlMs, now);
    return undefined;
  }

  #record(record: RunRecord, now: number): RunRecorded {
    const { id, incarnation, fence, step, status, outcome, events, maxEvents, ttlMs } = record;
    const run = this.#runs.find(id, now);
    if (run === undefined || run.incarnation !== incarnation) return { kind: 'gone' };
    if (fence < run.fence) return { kind: 'stale', fence: run.fence };
    if (step !== undefined) this.#runs.addStep(run.id, step.id, step.text);
    if (status !== undefined) this.#runs.setStatus(run.id, status, outcome);
    this.#log(id, events, maxEvents, ttlMs, now);
    return { kind: 'recorded', version: this.#runs.touch(run.id, ttlMs, now) };
  }

  /** Adds events to the log of a run, which lasts as long as the run does. */
  #log(id: string, events: readonly LogDraft[], maxLength: number, ttlMs: number, now: number): void {
    const { logs } = this.#parts;
    const name = { kind: 'run', name: id } as const;
    if (events.length > 0) logs.append(name, events, { maxLength, ttlMs }, now);
    else logs.touch(name, ttlMs, now);
  }

  #change<Answer extends { readonly kind: string }>(
    method: string,
    id: string,
    operation: string,
    run: (now: number) => Answer,
  ): Answer {
    const { operations, watch } = this.#parts;
    const refuses = ({ kind }: Answer): boolean => kind === 'stale' || kind === 'gone';
    const answer = operations.once({ method, name: id }, operation, run, refuses);
    watch.changed();
    return answer;
  }
}
