/** Does things in the order in which they were put in, each no earlier than its time. */
export class DelayedQueue {
  readonly #waiting: { readonly act: () => void; readonly dueAt: number }[] = [];
  #isScheduled = false;

  /** Does something at once when there is no delay and nothing before it, else later. */
  push(act: () => void, delayMs: number): void {
    if (delayMs <= 0 && this.#waiting.length === 0) {
      act();
      return;
    }
    this.#waiting.push({ act, dueAt: performance.now() + delayMs });
    if (!this.#isScheduled) this.#schedule(delayMs);
  }

  #schedule(delayMs: number): void {
    this.#isScheduled = true;
    setTimeout(() => this.#run(), delayMs);
  }

  #run(): void {
    this.#isScheduled = false;
    while (this.#waiting.length > 0) {
      const [{ act, dueAt }] = this.#waiting as [{ act: () => void; dueAt: number }];
      const leftMs = dueAt - performance.now();
      if (leftMs > 0) {
        this.#schedule(leftMs);
        return;
      }
      this.#waiting.shift();
      act();
    }
  }
}
