/** Takes every result, so that none of the work that led to it can be optimised away, and counts those that are missing. */
export class Sink {
  last: unknown = undefined;
  missing = 0;

  take(value: unknown): void {
    this.last = value;
    if (value === undefined) this.missing += 1;
  }
}
