import { StateError } from '../errors.ts';
import { nextId } from '../id.ts';
import type { RunRecord, StoredRun } from '../store/run-store.ts';
import { logDraft } from './event-log.ts';
import type { LockManager } from './lock-manager.ts';
import type { LockOptions } from './lock-options.ts';
import type { StateLock } from './state-lock.ts';
import type { StatePorts } from './state-ports.ts';

/** Says how a run is held and kept. */
export interface RunTerms {
  readonly ttlMs: number;
  readonly maxEvents: number;
  readonly lock: LockOptions;
}

/** Is an event on its way into the log of a run. */
export interface RunEvent {
  readonly type: string;
  readonly data?: unknown;
}

/** Holds a run for this worker, until it is released, ends, or another worker takes over. */
export class RunLease {
  readonly id: string;
  readonly lock: StateLock;
  /** Is the run as it was when this worker has opened it. */
  readonly opened: StoredRun;
  readonly #ports: StatePorts;
  readonly #terms: RunTerms;
  #refusal: StateError | undefined;

  /**
   * Takes a run, or waits for it, and opens it.
   *
   * @throws StateError `run_held` when another worker holds it
   */
  static async take(ports: StatePorts, locks: LockManager, id: string, terms: RunTerms): Promise<RunLease> {
    const lock = await locks.take(id, terms.lock).catch((error: unknown) => {
      throw asRunError(error, id);
    });
    try {
      const request = {
        id,
        fence: lock.fence,
        incarnation: nextId(),
        ttlMs: terms.ttlMs,
        createdEvents: [logDraft(ports, 'run-started', { owner: lock.owner })],
        resumedEvents: [logDraft(ports, 'run-resumed', { owner: lock.owner })],
        maxEvents: terms.maxEvents,
      };
      const opened = await ports.change(`run ${id}`, ({ runs }, operation) => runs.open(operation, request));
      if (opened.kind === 'stale') throw lost(id, opened.fence);
      if (opened.kind === 'gone') throw gone(id);
      // There is nothing left to do in it, and others may want to read it too.
      if (opened.run.status === 'completed') await lock[Symbol.asyncDispose]();
      return new RunLease(ports, id, terms, lock, opened.run);
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  constructor(ports: StatePorts, id: string, terms: RunTerms, lock: StateLock, opened: StoredRun) {
    this.#ports = ports;
    this.id = id;
    this.#terms = terms;
    this.lock = lock;
    this.opened = opened;
  }

  /**
   * Makes sure that this worker may go on. One that has lost the run does not get it back: what it knows may be out of date.
   *
   * @throws StateError `run_lost`
   */
  check(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
    if (!this.lock.signal.aborted) return;
    const message = `The lease of the run ${JSON.stringify(this.id)} is over: another worker may have taken over.`;
    throw new StateError('run_lost', message, { subject: this.id }, { cause: this.lock.signal.reason });
  }

  /**
   * Records what has happened, together with the events that tell of it.
   *
   * @throws StateError `run_lost` when another worker has taken over, or the run is gone
   */
  async record(change: Pick<RunRecord, 'step' | 'status' | 'outcome'>, events: readonly RunEvent[]): Promise<void> {
    const record: RunRecord = {
      ...change,
      id: this.id,
      incarnation: this.opened.incarnation,
      fence: this.lock.fence,
      events: events.map(({ type, data }) => logDraft(this.#ports, type, data)),
      maxEvents: this.#terms.maxEvents,
      ttlMs: this.#terms.ttlMs,
    };
    const recorded = await this.#ports.change(`run ${this.id}`, ({ runs }, operation) =>
      runs.record(operation, record),
    );
    if (recorded.kind === 'recorded') return;
    this.#refusal = recorded.kind === 'stale' ? lost(this.id, recorded.fence) : gone(this.id);
    throw this.#refusal;
  }
}

function lost(id: string, fence: number): StateError {
  const message = `Another worker has taken over the run ${JSON.stringify(id)}.`;
  return new StateError('run_lost', message, { subject: id, fence });
}

function gone(id: string): StateError {
  const message = `The run ${JSON.stringify(id)} has expired or was deleted while it was worked on.`;
  return new StateError('run_lost', message, { subject: id });
}

function asRunError(error: unknown, id: string): unknown {
  if (!StateError.isInstance(error) || error.code !== 'lock_held') return error;
  const { owner, remainingMs } = error;
  const message = `The run ${JSON.stringify(id)} is held by ${owner === undefined ? 'another worker' : `the worker "${owner}"`}.`;
  return new StateError('run_held', message, { subject: id, owner, remainingMs }, { cause: error });
}
