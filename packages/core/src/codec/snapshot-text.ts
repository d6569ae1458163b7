import { decodeValue, encodeValue } from './value-codec.ts';
import { inspectValue } from './value-inspection.ts';
import { holdValue, type Isolation, type ValueSnapshot } from './value-snapshot.ts';

/**
 * Returns a snapshot as text, for a store outside the process.
 *
 * @throws NotEncodableError for a shared value that is not plain data
 */
export function snapshotText({ held, form }: ValueSnapshot): string {
  return encodeValue(held, form);
}

/**
 * Makes a snapshot of a text that `encodeValue` or `snapshotText` has written.
 *
 * @throws Error for any other text, as far as `decodeValue` can tell
 */
export function restoreSnapshot(text: string, isolation: Isolation): ValueSnapshot {
  const value = decodeValue(text);
  return holdValue(value, inspectValue(value), isolation);
}
