/** Lets somebody who has appended an entry wait until a reader has seen it. */
export class EntryWatch {
  #seen = 0;
  #waiting: { readonly id: number; readonly resolve: () => void } | undefined;

  /** Takes note that the reader has seen the entries up to this one. */
  saw(id: number): void {
    this.#seen = id;
    if (this.#waiting === undefined || this.#waiting.id > id) return;
    this.#waiting.resolve();
    this.#waiting = undefined;
  }

  /** Resolves when the reader has seen this entry. One at a time waits. */
  async until(id: number): Promise<number> {
    if (this.#seen < id) await new Promise<void>((resolve) => (this.#waiting = { id, resolve }));
    return id;
  }
}
