import { encodeArguments } from '../codec/canonical-encoding.ts';
import { hashKey } from '../codec/key-hash.ts';
import { lengthPrefixed } from '../codec/length-prefixed.ts';
import { parseDuration } from '../duration.ts';
import { messageOf, StateError } from '../errors.ts';
import { nextId } from '../id.ts';
import { checkArgument, checkCallable, checkCount, checkKnown, checkSignal, checkText } from '../option-checks.ts';
import type { RunStatus } from '../store/run-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { redactCredentials } from './credential-scan.ts';
import { EventLog } from './event-log.ts';
import type { LockManager } from './lock-manager.ts';
import { RunLease, type RunTerms } from './run-lease.ts';
import type { RunOptions, StepOptions } from './run-options.ts';
import { readRun, type RunState } from './run-state.ts';
import type { StatePorts } from './state-ports.ts';
import { escaped, StepNames } from './step-names.ts';
import { textOf, valueOf } from './value-text.ts';

/** Is what a step knows about itself. */
export interface StepContext {
  /** Names the step within its run; the same after a restart. */
  readonly stepId: string;
  /**
   * Is the same each time this step of this run is executed, and never that of another one. Pass it to an API that honours
   * it, and what the step does there is done once, even if the process dies before the step is recorded.
   */
  readonly idempotencyKey: string;
  /** Is aborted when another worker may have taken over the run. */
  readonly signal: AbortSignal;
  /** Runs a step within this one; see `AgentRun.step`. */
  step<Result>(name: string, execute: StepFunction<Result>, options?: StepOptions): Promise<Result>;
}

/** Does the work of a step. */
export type StepFunction<Result> = (context: StepContext) => Result | Promise<Result>;

/**
 * Is a run: steps whose results are recorded, so that whoever goes on after a crash does not repeat them.
 *
 * Nothing is asked of the store before the first step. Then the run belongs to this worker until it ends, is released, or
 * the worker has not been heard of for the time of the lease.
 *
 * @see docs/runs.md
 */
export class AgentRun implements AsyncDisposable {
  readonly id: string;
  /** Tells what has happened in the run; steps are written to it by themselves. */
  readonly log: EventLog;
  readonly #ports: StatePorts;
  readonly #locks: LockManager;
  readonly #options: RunOptions;
  readonly #terms: RunTerms;
  #names = new StepNames();
  #taking: Promise<RunLease> | undefined;
  #steps = new Map<string, string>();
  #status: RunStatus = 'running';

  constructor(ports: StatePorts, locks: LockManager, id: string, options: RunOptions) {
    checkArgument(typeof id === 'string' && id !== '', 'id', id, 'a text that is not empty');
    checkKnown(options, ['ttl', 'lease', 'wait', 'owner', 'signal', 'maxEvents']);
    const { ttl = '24h', lease = '30s', maxEvents = 10_000, wait, owner = nextId(), signal } = options;
    checkSignal(signal);
    this.id = id;
    this.#ports = ports;
    this.#locks = locks;
    this.#options = options;
    this.#terms = {
      ttlMs: parseDuration(ttl, 'ttl'),
      maxEvents: checkCount(maxEvents, 'maxEvents', 1),
      lock: {
        ttl: parseDuration(lease, 'lease'),
        owner: checkText(owner, 'owner'),
        ...(wait !== undefined && { wait: parseDuration(wait, 'wait') }),
        ...(signal !== undefined && { signal }),
      },
    };
    const port = { name: `of run ${id}`, portOf: ({ runs }: StateStore) => runs.log(id), redacts: true };
    this.log = new EventLog(ports, port, { maxLength: maxEvents, ttl });
  }

  /**
   * Runs a step once: executes it and records what it returns, or returns what was recorded. What it throws passes
   * through, and the step is executed again when it is asked for again.
   *
   * A step that was executed when the process died, and was not recorded yet, is executed once more, with the same
   * idempotency key.
   *
   * @throws StateError `run_held`, `run_lost`, `run_ended`
   */
  step<Result>(name: string, execute: StepFunction<Result>, options: StepOptions = {}): Promise<Result> {
    return this.#step(this.#names, name, execute, options);
  }

  /**
   * Makes a step of each call of a tool, kept apart by its arguments: a model that decides otherwise after a restart is not
   * handed the result of another call.
   */
  tool<Args extends readonly unknown[], Result>(
    name: string,
    execute: (context: StepContext, ...args: Args) => Result | Promise<Result>,
  ): (...args: Args) => Promise<Result> {
    checkCallable(execute, 'execute');
    return (...args) => {
      const key = hashKey(encodeArguments(args));
      return this.step(name, (context) => execute(context, ...args), { key });
    };
  }

  /** Opens a run that belongs to this one, with an id below its own and a lease of its own. */
  child(name: string, options: RunOptions = this.#options): AgentRun {
    checkArgument(typeof name === 'string' && name !== '', 'name', name, 'a text that is not empty');
    return new AgentRun(this.#ports, this.#locks, `${this.id}/${escaped(name)}`, options);
  }

  /** Ends the run with a result. A run that is completed already stays as it is. */
  async complete(result?: unknown): Promise<void> {
    const lease = await this.#take();
    if (this.#status !== 'completed') {
      this.#checkRunning();
      const outcome = textOf(result, this.#ports.rules, `the result of run ${this.id}`);
      await lease.record({ status: 'completed', outcome }, [{ type: 'run-completed' }]);
      this.#status = 'completed';
    }
    await this.release();
  }

  /** Ends the run with an error. A run that has failed already stays as it is. */
  async fail(error: unknown): Promise<void> {
    const lease = await this.#take();
    if (this.#status !== 'failed') {
      this.#checkRunning();
      const message = redactCredentials(messageOf(error));
      const outcome = textOf(message, { ...this.#ports.rules, credentials: 'allow' }, `the error of run ${this.id}`);
      await lease.record({ status: 'failed', outcome }, [{ type: 'run-failed', data: { error: message } }]);
      this.#status = 'failed';
    }
    await this.release();
  }

  /**
   * Lets a run that has failed go on. Begin with its first step again: those that are recorded return at once. A run that is
   * running stays as it is.
   */
  async retry(): Promise<void> {
    const lease = await this.#take();
    if (this.#status === 'running') return;
    if (this.#status === 'completed') this.#checkRunning();
    await lease.record({ status: 'running' }, [{ type: 'run-retried' }]);
    this.#status = 'running';
    this.#names = new StepNames();
  }

  /** Returns how far the run is, or undefined if there is none. Asks nobody's leave, and changes nothing. */
  async state(): Promise<RunState | undefined> {
    return readRun(this.#ports, this.id);
  }

  /** Lets another worker go on with the run. The next step of this one takes it again. */
  async release(): Promise<void> {
    const taking = this.#taking;
    this.#taking = undefined;
    const lease = await taking?.catch(() => undefined);
    await lease?.lock.release();
  }

  /** Releases the run. A store that cannot be reached is no reason to fail here: the lease ends by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.release().catch(() => undefined);
  }

  async #step<Result>(
    names: StepNames,
    name: string,
    execute: StepFunction<Result>,
    options: StepOptions,
  ): Promise<Result> {
    // Before anything is awaited, so that steps which start together are told apart by the order in which they start.
    checkCallable(execute, 'execute');
    checkKnown(options, ['key']);
    const stepId = names.next(name, options.key);
    const lease = await this.#take();
    const recorded = this.#steps.get(stepId);
    if (recorded !== undefined) return valueOf(recorded, `step ${stepId} of run ${this.id}`) as Result;
    this.#checkRunning();
    lease.check();
    return this.#execute(lease, stepId, execute);
  }

  async #execute<Result>(lease: RunLease, stepId: string, execute: StepFunction<Result>): Promise<Result> {
    const { clock, rules } = this.#ports;
    const names = new StepNames(stepId);
    const context: StepContext = {
      stepId,
      idempotencyKey: hashKey(lengthPrefixed(lease.opened.incarnation) + stepId),
      signal: lease.lock.signal,
      step: (name, inner, options = {}) => this.#step(names, name, inner, options),
    };
    const startedAt = clock.now();
    let result: Result;
    try {
      result = await execute(context);
    } catch (error) {
      const data = { step: stepId, error: messageOf(error) };
      // What the step has thrown is what its caller wants to know, whether or not it could be written down.
      await lease.record({}, [{ type: 'step-failed', data }]).catch(() => undefined);
      throw error;
    }
    const text = textOf(result, rules, `the result of step ${stepId}`);
    const data = { step: stepId, durationMs: clock.now() - startedAt };
    await lease.record({ step: { id: stepId, text } }, [{ type: 'step-completed', data }]);
    this.#steps.set(stepId, text);
    return result;
  }

  #take(): Promise<RunLease> {
    const taking = (this.#taking ??= this.#open());
    // Whoever asks again after a refusal tries again.
    taking.catch(() => {
      if (this.#taking === taking) this.#taking = undefined;
    });
    return taking;
  }

  async #open(): Promise<RunLease> {
    const lease = await RunLease.take(this.#ports, this.#locks, this.id, this.#terms);
    this.#steps = new Map(lease.opened.steps);
    this.#status = lease.opened.status;
    return lease;
  }

  #checkRunning(): void {
    if (this.#status === 'running') return;
    const message =
      this.#status === 'completed'
        ? `The run ${JSON.stringify(this.id)} is completed.`
        : `The run ${JSON.stringify(this.id)} has failed: retry() lets it go on.`;
    throw new StateError('run_ended', message, { subject: this.id });
  }
}
