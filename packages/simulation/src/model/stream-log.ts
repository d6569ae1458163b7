/** Is one record of a stream. */
export interface StreamRecord {
  readonly id: StreamId;
  readonly fields: readonly string[];
}

/** Is the place of a record: milliseconds, and a number within the millisecond. */
export type StreamId = readonly [ms: number, number: number];

/** Keeps the records of a stream in order. */
export class StreamLog {
  records: StreamRecord[] = [];
  last: StreamId = [0, 0];

  /** Returns a stream of its own with the same records. */
  copy(): StreamLog {
    const copy = new StreamLog();
    copy.records = [...this.records];
    copy.last = this.last;
    return copy;
  }
}

/** Compares two places as a sort does. */
export function compareStreamIds(one: StreamId, other: StreamId): number {
  return one[0] - other[0] || one[1] - other[1];
}
