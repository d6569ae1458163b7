/** Lets the tasks of one name run one after the other in this process, in the order in which they came. */
export class TurnQueue {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs a task when all that came before it under this name have settled. */
  async run<Result>(name: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name);
    const running = before === undefined ? task() : before.then(task);
    const settled = running.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(name, settled);
    try {
      return await running;
    } finally {
      if (this.#last.get(name) === settled) this.#last.delete(name);
    }
  }
}
