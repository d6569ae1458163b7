import type { Clock } from '../../clock.ts';

const LEAST_MS = 60_000;
const LEAST_OPERATIONS = 10_000;

/**
 * Remembers what operations have answered, so that one that is repeated is not carried out twice: those of the last minute,
 * or the last ten thousand if there were more.
 *
 * What is older goes in one piece: two tables take turns, which costs no timer and no list.
 */
export class OperationMemory<Answer> {
  readonly #clock: Clock;
  #recent = new Map<string, Answer>();
  #older = new Map<string, Answer>();
  #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** Returns what the operation has answered, or carries it out and remembers its answer. */
  once(operation: string, run: () => Answer): Answer {
    const known = this.#find(operation);
    if (known !== undefined) return known;
    const answer = run();
    this.#recent.set(operation, answer);
    return answer;
  }

  /** Tells whether the operation was carried out. */
  recalls(operation: string): boolean {
    return this.#find(operation) !== undefined;
  }

  #find(operation: string): Answer | undefined {
    this.#turn();
    return this.#recent.get(operation) ?? this.#older.get(operation);
  }

  #turn(): void {
    const passed = this.#clock.now() - this.#since;
    if (passed >= 0 && passed < LEAST_MS && this.#recent.size < LEAST_OPERATIONS) return;
    this.#older = passed < 2 * LEAST_MS ? this.#recent : new Map();
    this.#recent = new Map();
    this.#since = this.#clock.now();
  }
}
