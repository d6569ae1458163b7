import { isPromise, type MaybePromise } from '../maybe-promise.ts';

/**
 * Is one of several processes, as a generator: what runs up to a `yield` is one atomic step.
 *
 * - `yield 'a name'` ends a step, and names it.
 * - `yield { step: 'a name', until: () => boolean }` ends a step, and the next one waits until the condition holds.
 * - `yield aPromise` does not end the step: the promise is awaited, and its value is what `yield` returns.
 * - `return 'a name'` ends the last step.
 */
export type Process = Generator<string | Waiting | Promise<unknown>, string | void>;

/** Ends a step, and says what the next one waits for. */
export interface Waiting {
  readonly step: string;
  readonly until: () => boolean;
}

/** Is a small world, made anew for every schedule. */
export interface Scenario {
  readonly processes: Readonly<Record<string, Process>>;
  /** Throws when the world is wrong; called after every step. */
  readonly invariant?: () => MaybePromise<void>;
  /** Throws when the world is wrong in the end; called after every schedule. */
  readonly check?: () => MaybePromise<void>;
}

/** Is what came out of trying every schedule. */
export interface Exploration {
  /** Counts the schedules: every order in which the steps of the processes can follow one another. */
  readonly schedules: number;
  /** Counts the steps of all schedules. */
  readonly steps: number;
  /** Counts the schedules in which something went wrong. */
  readonly failures: number;
  /** Is the easiest of them to read: the one in which the processes take turns least often. */
  readonly counterexample: Counterexample | undefined;
}

/** Is a schedule in which something went wrong. */
export interface Counterexample {
  /** Lists the steps as `process: step`, in the order they ran. */
  readonly trace: readonly string[];
  readonly error: unknown;
}

/** Bounds an exploration. */
export interface ExplorationOptions {
  /** Is how many schedules there may be; with more, the exploration fails instead of being incomplete. Default: 5 million. */
  readonly maxSchedules?: number;
}

/**
 * Runs every interleaving of a few small processes and checks each of them: what a test of concurrent code can only hope
 * to meet, this one meets for certain.
 *
 * Every schedule starts from a fresh scenario and runs real code, so nothing is assumed about it, except that the same
 * choices lead to the same steps. If all processes that are left wait for ever, that is a failure too.
 *
 * @throws Error when there are more schedules than allowed, or when a scenario depends on more than the schedule
 */
export async function exploreInterleavings(
  build: () => MaybePromise<Scenario>,
  { maxSchedules = 5_000_000 }: ExplorationOptions = {},
): Promise<Exploration> {
  const path = new Path();
  let [schedules, steps, failures, fewestTurns] = [0, 0, 0, Infinity];
  let counterexample: Counterexample | undefined;
  do {
    schedules += 1;
    if (schedules > maxSchedules) throw new Error(`There are more than ${maxSchedules} schedules.`);
    const built = build();
    const run = new Run(isPromise(built) ? await built : built);
    path.restart();
    // Not an async method of the run: a schedule of synchronous steps must not go through the microtask queue.
    for (let ready = run.ready(); ready.length > 0; ready = run.ready()) {
      const stepping = run.step(ready[path.choose(ready.length)] as number);
      if (stepping !== undefined) await stepping;
    }
    const finishing = run.finish();
    if (finishing !== undefined) await finishing;
    steps += run.length;
    if (run.failure === undefined) continue;
    failures += 1;
    if (run.turns() >= fewestTurns) continue;
    fewestTurns = run.turns();
    counterexample = { trace: run.trace(), error: run.failure.error };
  } while (path.next());
  return { schedules, steps, failures, counterexample };
}

/** Counts through all sequences of choices, as an odometer does; the last choice changes first. */
class Path {
  readonly #choices: number[] = [];
  readonly #widths: number[] = [];
  #depth = 0;

  restart(): void {
    this.#depth = 0;
  }

  choose(width: number): number {
    const depth = this.#depth;
    this.#depth += 1;
    if (depth === this.#choices.length) {
      this.#choices.push(0);
      this.#widths.push(width);
    } else if (this.#widths[depth] !== width) {
      throw new Error('The scenario depends on more than the schedule: the same choices led to other steps.');
    }
    return this.#choices[depth] as number;
  }

  /** Moves on to the next sequence; false when there is none. */
  next(): boolean {
    while (this.#choices.length > 0) {
      const choice = (this.#choices.pop() as number) + 1;
      const width = this.#widths.pop() as number;
      if (choice === width) continue;
      this.#choices.push(choice);
      this.#widths.push(width);
      return true;
    }
    return false;
  }
}

/** Is one schedule being run. */
class Run {
  failure: { readonly error: unknown } | undefined;
  readonly #scenario: Scenario;
  readonly #names: readonly string[];
  readonly #processes: readonly Process[];
  readonly #waiting: (Waiting | undefined)[] = [];
  readonly #isDone: boolean[];
  readonly #order: number[] = [];
  readonly #steps: string[] = [];

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#names = Object.keys(scenario.processes);
    this.#processes = Object.values(scenario.processes);
    this.#isDone = this.#processes.map(() => false);
  }

  get length(): number {
    return this.#order.length;
  }

  /** Lists the processes that can take a step. */
  ready(): number[] {
    const ready: number[] = [];
    for (let index = 0; index < this.#processes.length; index += 1) {
      if (this.#isDone[index] === false && this.#waiting[index]?.until() !== false) ready.push(index);
    }
    return ready;
  }

  step(index: number): MaybePromise<void> {
    this.#order.push(index);
    try {
      const result = (this.#processes[index] as Process).next();
      return isPromise(result.value) ? this.#continue(index, result.value) : this.#end(index, result);
    } catch (error) {
      this.#crash(index, error);
    }
  }

  finish(): MaybePromise<void> {
    if (this.#isDone.includes(false)) this.#fail(new Error(`${this.#stuck().join(' and ')} wait for ever.`));
    return this.#guard(this.#scenario.check);
  }

  turns(): number {
    return this.#order.filter((process, index) => process !== this.#order[index - 1]).length;
  }

  trace(): string[] {
    return this.#order.map((process, index) => `${this.#names[process]}: ${this.#steps[index]}`);
  }

  async #continue(index: number, promise: Promise<unknown>): Promise<void> {
    const process = this.#processes[index] as Process;
    let awaited = promise;
    try {
      for (;;) {
        const settled = await awaited.then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
        const result = 'error' in settled ? process.throw(settled.error) : process.next(settled.value);
        if (!isPromise(result.value)) return await this.#end(index, result);
        awaited = result.value;
      }
    } catch (error) {
      this.#crash(index, error);
    }
  }

  #end(index: number, { value, done }: IteratorResult<unknown, unknown>): MaybePromise<void> {
    const waiting = typeof value === 'object' ? (value as Waiting) : undefined;
    this.#isDone[index] = done === true;
    this.#waiting[index] = waiting;
    this.#steps.push(waiting?.step ?? (typeof value === 'string' ? value : 'end'));
    return this.#guard(this.#scenario.invariant);
  }

  #crash(index: number, error: unknown): void {
    this.#isDone[index] = true;
    this.#steps.push(`crash (${String(error)})`);
    this.#fail(error);
  }

  #guard(check: (() => MaybePromise<void>) | undefined): MaybePromise<void> {
    if (check === undefined || this.failure !== undefined) return;
    try {
      const checking = check();
      if (isPromise(checking)) return checking.catch((error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.failure ??= { error };
  }

  #stuck(): string[] {
    return this.#names.filter((_, index) => this.#isDone[index] === false);
  }
}
