const FIELDS = 3;

/** Collects records of three numbers until they are taken away. */
export class RecordBuffer {
  #records = new Float64Array(FIELDS * 1024);
  #length = 0;

  push(name: number, version: number, at: number): void {
    if (this.#length === this.#records.length) {
      const larger = new Float64Array(this.#records.length * 2);
      larger.set(this.#records);
      this.#records = larger;
    }
    this.#records[this.#length] = name;
    this.#records[this.#length + 1] = version;
    this.#records[this.#length + 2] = at;
    this.#length += FIELDS;
  }

  /** Returns a copy of what was collected, and starts anew. */
  take(): Float64Array {
    const taken = this.#records.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }
}
