/** Lets the tasks of one name run one after the other in this process, in the order in which they came. */
export class TurnQueue {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Runs a task when all that came before it under this name have settled.
   *
   * @param patience is called when the task has to wait: it may call the function that it is given, and the task runs without
   * its turn, since what it waits for may be waiting for it. What it returns is called when the turn has come
   */
  async run<Result>(
    name: string,
    task: () => Promise<Result>,
    patience?: (goOn: () => void) => () => void,
  ): Promise<Result> {
    const before = this.#last.get(name);
    const turn = before === undefined || patience === undefined ? before : turnOrPatience(before, patience);
    const running = turn === undefined ? task() : turn.then(task);
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

function turnOrPatience(turn: Promise<void>, patience: (goOn: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    const cancel = patience(resolve);
    void turn.then(() => {
      cancel();
      resolve();
    });
  });
}
