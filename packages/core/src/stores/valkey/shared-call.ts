/**
 * Shares a call among those who ask for it in the same turn. Whoever asks later, while it is under way, gets the next one: a
 * question about what is true now is only answered by what was sent after it was asked.
 */
export class SharedCall<R> {
  readonly #call: () => Promise<R>;
  #unsent: Promise<R> | undefined;

  constructor(call: () => Promise<R>) {
    this.#call = call;
  }

  /** Returns the answer to a call that has not been sent yet. */
  ask(): Promise<R> {
    this.#unsent ??= Promise.resolve().then(() => {
      this.#unsent = undefined;
      return this.#call();
    });
    return this.#unsent;
  }
}
