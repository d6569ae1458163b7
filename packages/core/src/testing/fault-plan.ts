import { isPromise, type MaybePromise } from '../maybe-promise.ts';

/**
 * Names what happens to a call.
 *
 * - `throw`: it throws at once; the request is not carried out.
 * - `reject`: its promise rejects; the request is not carried out.
 * - `lose-reply`: the request is carried out, and the promise rejects all the same.
 * - `hold-request`: it waits until it is released, and is carried out then; never released, it hangs.
 * - `strand-request`: its promise rejects at once; the request is carried out when it is released, long after its caller has
 *   given it up.
 * - `hold-reply`: the request is carried out at once, and its answer waits until it is released.
 */
export type FaultKind = 'throw' | 'reject' | 'lose-reply' | 'hold-request' | 'strand-request' | 'hold-reply';

/** Says which calls go wrong, and how. */
export interface FaultRule<Operation extends string = string> {
  readonly kind: FaultKind;
  /** Names the operations. Default: all. */
  readonly operations?: Operation | readonly Operation[];
  /** Lets this many calls pass first. Default: 0. */
  readonly skip?: number;
  /** Is how many calls go wrong at most. Default: all. */
  readonly times?: number;
  /** Is the share of calls that go wrong, drawn by the seed. Default: 1. */
  readonly rate?: number;
  /** Is what the call fails with. Default: an error that names the operation. */
  readonly error?: unknown;
}

/** Is a rule at work. */
export interface Fault {
  /** Counts the calls that went wrong by this rule. */
  readonly hits: number;
  /** Counts the calls that are held now. */
  readonly held: number;
  /** Lets the calls that are held go on; later ones are held again. */
  release(): void;
  /** Ends the rule, and releases what it holds. */
  stop(): void;
}

/** Decides for each call whether it goes wrong, and lets it. */
export class FaultPlan<Operation extends string> {
  readonly #random: () => number;
  readonly #calls = new Map<Operation, number>();
  #faults: readonly ActiveFault<Operation>[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Adds a rule, after those that are there. */
  add(rule: FaultRule<Operation>): Fault {
    const fault = new ActiveFault(rule, () => {
      this.#faults = this.#faults.filter((other) => other !== fault);
    });
    this.#faults = [...this.#faults, fault];
    return fault;
  }

  /** Ends all rules. */
  clear(): void {
    for (const fault of this.#faults) fault.stop();
  }

  /** Counts the calls of an operation. */
  calls(operation: Operation): number {
    return this.#calls.get(operation) ?? 0;
  }

  /** Carries out a request, or lets it go wrong. */
  run<R>(operation: Operation, request: () => MaybePromise<R>): MaybePromise<R> {
    this.#calls.set(operation, this.calls(operation) + 1);
    const fault = this.#faults.find((candidate) => candidate.takes(operation, this.#random));
    return fault === undefined ? request() : fault.run(operation, request);
  }
}

class ActiveFault<Operation extends string> implements Fault {
  hits = 0;
  readonly #rule: FaultRule<Operation>;
  readonly #operations: readonly Operation[] | undefined;
  readonly #onStop: () => void;
  readonly #held = new Set<() => void>();
  #passed = 0;

  constructor(rule: FaultRule<Operation>, onStop: () => void) {
    this.#rule = rule;
    this.#operations = typeof rule.operations === 'string' ? [rule.operations] : rule.operations;
    this.#onStop = onStop;
  }

  get held(): number {
    return this.#held.size;
  }

  takes(operation: Operation, random: () => number): boolean {
    const { skip = 0, times = Infinity, rate = 1 } = this.#rule;
    if (this.#operations?.includes(operation) === false || this.hits >= times) return false;
    if (this.#passed < skip) {
      this.#passed += 1;
      return false;
    }
    if (rate < 1 && random() >= rate) return false;
    this.hits += 1;
    return true;
  }

  run<R>(operation: Operation, request: () => MaybePromise<R>): MaybePromise<R> {
    const { kind, error = new Error(`The store is out of reach: ${operation} failed on purpose.`) } = this.#rule;
    if (kind === 'throw') throw error;
    if (kind === 'reject') return Promise.reject(error);
    const held = (): Promise<R> => this.#hold().then(request);
    if (kind === 'hold-request') return held();
    if (kind === 'strand-request') {
      held().catch(() => undefined);
      return Promise.reject(error);
    }
    const answer = answerOf(request);
    answer.catch(() => undefined); // nobody looks at it before the end of the hold, and perhaps nobody then
    if (kind === 'hold-reply') return this.#hold().then(() => answer);
    return answer.then(() => {
      throw error;
    });
  }

  release(): void {
    for (const resume of this.#held) resume();
    this.#held.clear();
  }

  stop(): void {
    this.#onStop();
    this.release();
  }

  #hold(): Promise<void> {
    return new Promise((resolve) => this.#held.add(resolve));
  }
}

function answerOf<R>(request: () => MaybePromise<R>): Promise<R> {
  try {
    const answer = request();
    return isPromise(answer) ? answer : Promise.resolve(answer);
  } catch (error) {
    return Promise.reject(error);
  }
}
