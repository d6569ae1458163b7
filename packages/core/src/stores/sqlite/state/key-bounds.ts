import { fromWire, wireBytes } from '../../../codec/wire-text.ts';
import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';

/** Is a range of keys as they stand in the file: from the start on, and before the end. */
export interface KeyBounds {
  readonly start: Buffer;
  readonly end: Buffer;
  readonly limit: number;
}

/** Is a row of a page. */
export interface KeyRow {
  readonly key: Uint8Array;
}

/** Returns a text that stands in the file. */
export function textOf(bytes: Uint8Array): string {
  return fromWire(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/**
 * Gathers a page of keys.
 *
 * @param fetch returns the next keys of a range, in order; fewer than the limit when there are no more
 */
export function keyPage(
  { prefix, after, limit }: KeyPageRequest,
  fetch: (bounds: KeyBounds) => readonly KeyRow[],
): KeyPage {
  // The bytes of a whole character do not begin with those of its first half: so the range may hold others, too.
  const begin = wireBytes(/[\ud800-\udbff]$/.test(prefix) ? prefix.slice(0, -1) : prefix);
  // No text has the byte 255.
  const end = Buffer.concat([begin, Buffer.of(0xff)]);
  const next = after === undefined ? begin : followerOf(wireBytes(after));
  let start = Buffer.compare(next, begin) > 0 ? next : begin;
  const keys: string[] = [];
  for (;;) {
    const wanted = Math.min(limit + 1 - keys.length, MAX_ROWS);
    const rows = fetch({ start, end, limit: wanted });
    keys.push(...rows.map(({ key }) => textOf(key)).filter((key) => key.startsWith(prefix)));
    const last = rows.at(-1);
    if (last === undefined || rows.length < wanted) return { keys: keys.slice(0, limit), more: keys.length > limit };
    if (keys.length > limit) return { keys: keys.slice(0, limit), more: true };
    start = followerOf(last.key);
  }
}

const MAX_ROWS = 100_000;

/** Returns the smallest bytes that are larger than these. */
function followerOf(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.of(0)]);
}
