import { StateError } from '../src/state/index.ts';
import type { OperationRecord } from '../src/testing/index.ts';

/** Writes down what several processes do to one object, on a clock of its own that never shows the same time twice. */
export class OperationHistory<Input, Output> {
  readonly records: OperationRecord<Input, Output>[] = [];
  #time = 0;

  /** Carries out an operation; one that has changed nothing for certain is no part of the history. */
  async call(input: Input, operation: () => Promise<Output>): Promise<Output | undefined> {
    const calledAt = this.#tick();
    try {
      const output = await operation();
      this.records.push({ input, output, outcome: 'ok', calledAt, returnedAt: this.#tick() });
      return output;
    } catch (error) {
      if (!StateError.isInstance(error)) throw error;
      if (error.code === 'outcome_unknown') {
        this.records.push({ input, output: undefined, outcome: 'unknown', calledAt, returnedAt: this.#tick() });
      } else if (error.code !== 'state_unavailable' && error.code !== 'version_conflict') {
        throw error;
      }
      return undefined;
    }
  }

  #tick(): number {
    this.#time += 1;
    return this.#time;
  }
}
