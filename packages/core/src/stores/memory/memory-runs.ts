import type { Clock } from '../../clock.ts';
import type { LogDraft } from '../../store/log-store.ts';
import type { KeyPage } from '../../store/key-page.ts';
import type {
  RunListRequest,
  RunOpened,
  RunOpening,
  RunRecord,
  RunRecorded,
  RunStatus,
  RunStore,
  StoredRun,
} from '../../store/run-store.ts';
import { LogOperations, MemoryLog } from './memory-log.ts';
import { MemoryLogs } from './memory-logs.ts';
import { OperationMemory } from './operation-memory.ts';
import { SortedKeys } from './sorted-keys.ts';

/** Holds the runs of one namespace in memory. Every method is synchronous, so it is one step. */
export class MemoryRuns implements RunStore {
  readonly #clock: Clock;
  readonly #onExpiring: () => void;
  readonly #runs = new Map<string, HeldRun>();
  readonly #ids = new SortedKeys();
  readonly #logs: MemoryLogs;
  readonly #logOperations: LogOperations;
  readonly #opened: OperationMemory<OpeningRefusal | 'none'>;
  readonly #recorded: OperationMemory<RunRecorded>;
  readonly #deleted: OperationMemory<boolean>;

  /** @param onExpiring is called when there is something whose time will be over */
  constructor(clock: Clock, onExpiring: () => void) {
    this.#clock = clock;
    this.#onExpiring = onExpiring;
    this.#logs = new MemoryLogs(clock, onExpiring);
    this.#logOperations = new LogOperations(this.#logs);
    this.#opened = new OperationMemory(clock);
    this.#recorded = new OperationMemory(clock);
    this.#deleted = new OperationMemory(clock);
  }

  open(operation: string, request: RunOpening): RunOpened {
    const refusal = this.#opened.once(operation, () => this.#open(operation, request));
    if (refusal !== 'none') return refusal;
    const run = this.read(request.id);
    return run === undefined ? { kind: 'gone' } : { kind: 'opened', run };
  }

  record(operation: string, record: RunRecord): RunRecorded {
    return this.#recorded.once(operation, () => this.#record(operation, record));
  }

  read(id: string): StoredRun | undefined {
    const run = this.#find(id);
    return run && snapshotOf(run);
  }

  list({ status, ...page }: RunListRequest): KeyPage {
    const gone: string[] = [];
    const found = this.#ids.page(page, (id) => {
      const run = this.#runs.get(id) as HeldRun;
      if (run.expiresAt <= this.#clock.now()) gone.push(id);
      else return status === undefined || run.status === status;
      return false;
    });
    for (const id of gone) this.#remove(id);
    return found;
  }

  delete(operation: string, id: string): boolean {
    return this.#deleted.once(operation, () => {
      const existed = this.#find(id) !== undefined;
      this.#remove(id);
      this.#logs.delete(id);
      return existed;
    });
  }

  log(id: string): MemoryLog {
    return new MemoryLog(this.#logs, id, this.#logOperations);
  }

  /** Lets go of runs whose time is over; tells whether there are more that will go. */
  removeExpired(): boolean {
    for (const id of this.#runs.keys()) this.#find(id);
    return this.#logs.removeExpired() || this.#runs.size > 0;
  }

  #open(operation: string, request: RunOpening): OpeningRefusal | 'none' {
    const { id, fence, incarnation, ttlMs } = request;
    const now = this.#clock.now();
    const found = this.#find(id);
    if (found !== undefined && fence < found.fence) return { kind: 'stale', fence: found.fence };
    const run = found ?? newRun(incarnation, now);
    if (found === undefined) {
      this.#runs.set(id, run);
      this.#ids.add(id);
    }
    run.fence = fence;
    if (run.status === 'completed') return 'none';
    run.openings += 1;
    const events = found === undefined ? request.createdEvents : request.resumedEvents;
    this.#log(operation, id, events, request.maxEvents, ttlMs);
    this.#touch(id, run, ttlMs);
    return 'none';
  }

  #record(operation: string, record: RunRecord): RunRecorded {
    const { id, incarnation, fence, step, status, outcome, events, maxEvents, ttlMs } = record;
    const run = this.#find(id);
    if (run === undefined || run.incarnation !== incarnation) return { kind: 'gone' };
    if (fence < run.fence) return { kind: 'stale', fence: run.fence };
    if (step !== undefined && !run.steps.has(step.id)) {
      run.steps.set(step.id, step.text);
      run.currentStep = step.id;
    }
    if (status !== undefined) {
      run.status = status;
      run.outcome = outcome;
    }
    this.#log(operation, id, events, maxEvents, ttlMs);
    this.#touch(id, run, ttlMs);
    return { kind: 'recorded', version: run.version };
  }

  #log(operation: string, id: string, events: readonly LogDraft[], maxLength: number, ttlMs: number): void {
    if (events.length > 0) this.log(id).append(operation, events, { maxLength, ttlMs });
  }

  #touch(id: string, run: HeldRun, ttlMs: number): void {
    const now = this.#clock.now();
    run.version += 1;
    run.updatedAt = now;
    run.expiresAt = now + ttlMs;
    this.log(id).touch(ttlMs);
    this.#onExpiring();
  }

  #find(id: string): HeldRun | undefined {
    const run = this.#runs.get(id);
    if (run === undefined || run.expiresAt > this.#clock.now()) return run;
    this.#remove(id);
    return undefined;
  }

  #remove(id: string): void {
    if (this.#runs.delete(id)) this.#ids.delete(id);
  }
}

type OpeningRefusal = Extract<RunOpened, { kind: 'stale' }>;

interface HeldRun extends StoredRun {
  status: RunStatus;
  currentStep: string | undefined;
  readonly steps: Map<string, string>;
  outcome: string | undefined;
  version: number;
  openings: number;
  updatedAt: number;
  expiresAt: number;
  fence: number;
}

function snapshotOf(held: HeldRun): StoredRun {
  const { fence: _, ...run } = held;
  return { ...run, steps: new Map(run.steps) };
}

function newRun(incarnation: string, now: number): HeldRun {
  return {
    incarnation,
    status: 'running',
    currentStep: undefined,
    steps: new Map(),
    outcome: undefined,
    version: 0,
    openings: 0,
    createdAt: now,
    updatedAt: now,
    expiresAt: Infinity,
    fence: 0,
  };
}
