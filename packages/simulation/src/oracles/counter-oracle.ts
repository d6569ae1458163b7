import { CounterLedger } from './counter-ledger.ts';

/** Learns what becomes of one increment. */
export interface Increment {
  /** Is the counter that it counts on. */
  readonly counter: string;
  acknowledged(): void;
  /** Notes that it was refused, which leaves no trace. */
  refused(): void;
}

const COUNTERS = 3;

/**
 * Knows where counters must stand. After each upheaval of the server others are counted on: what it had acknowledged before
 * may be gone, and that is no fault of the store.
 */
export class CounterOracle {
  readonly #upheavals: () => number;
  readonly #ledgers = new Map<string, CounterLedger>();
  #begun = 0;

  constructor(upheavals: () => number) {
    this.#upheavals = upheavals;
  }

  /** Counts the increments that were acknowledged. */
  acknowledged = 0;

  /** Notes that an increment begins: until more is known, it may happen or not. */
  begin(): Increment {
    const id = String((this.#begun += 1));
    const counter = this.#names()[this.#begun % COUNTERS] as string;
    const ledger = this.#ledgers.get(counter) ?? new CounterLedger();
    this.#ledgers.set(counter, ledger);
    ledger.lost(id);
    return {
      counter,
      acknowledged: () => {
        this.acknowledged += 1;
        ledger.acknowledged(id);
      },
      refused: () => ledger.refused(id),
    };
  }

  /** Lists the counters that nothing has been lost of. */
  get intact(): readonly string[] {
    return this.#names().filter((name) => this.#ledgers.has(name));
  }

  /** Says what is wrong with the value of a counter; undefined when nothing is. */
  judge(counter: string, value: number): string | undefined {
    return this.#ledgers.get(counter)?.judge(value);
  }

  #names(): readonly string[] {
    return Array.from({ length: COUNTERS }, (_, place) => `${this.#upheavals()}.${place}`);
  }
}
