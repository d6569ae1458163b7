/**
 * Knows between which bounds a counter must stand, when some of its increments were acknowledged and others have an outcome
 * that nobody knows. An increment that carries an id counts once, however often it is sent.
 */
export class CounterLedger {
  readonly #acknowledged = new Map<string, number>();
  readonly #unknown = new Map<string, number>();

  /** Notes that an increment was acknowledged. */
  acknowledged(id: string, by = 1): void {
    this.#unknown.delete(id);
    this.#acknowledged.set(id, by);
  }

  /** Notes that the answer to an increment was lost: it may have happened or not. */
  lost(id: string, by = 1): void {
    if (!this.#acknowledged.has(id)) this.#unknown.set(id, by);
  }

  /** Notes that an increment was refused: it has not happened, and will not. */
  refused(id: string): void {
    this.#unknown.delete(id);
  }

  /** Says what is wrong with a value of the counter; undefined when nothing is. */
  judge(value: number): string | undefined {
    const least = sum(this.#acknowledged);
    const most = least + sum(this.#unknown);
    if (value < least) return `${least - value} acknowledged increments are lost: the counter is ${value}`;
    return value > most ? `${value - most} increments have run twice: the counter is ${value}` : undefined;
  }
}

function sum(amounts: ReadonlyMap<string, number>): number {
  return [...amounts.values()].reduce((total, by) => total + by, 0);
}
