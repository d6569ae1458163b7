import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

import { PassingSnapshot } from '../../codec/passing-snapshot.ts';
import { restoreSnapshot, snapshotText } from '../../codec/snapshot-text.ts';
import type { Isolation, ValueSnapshot } from '../../codec/value-snapshot.ts';
import type { MaybePromise } from '../../maybe-promise.ts';

const compress = promisify(deflateRaw);
const expand = promisify(inflateRaw);

/** Marks bytes that are compressed; a text of the codec begins otherwise. */
const COMPRESSED = 'z'.charCodeAt(0);

/**
 * Turns a snapshot into bytes.
 *
 * @param compressAbove is the size in bytes from which they are compressed; `Infinity` never does
 * @throws NotEncodableError for a shared value that is not plain data
 */
export function bytesOfSnapshot(snapshot: ValueSnapshot, compressAbove: number): MaybePromise<Buffer> {
  const bytes = Buffer.from(snapshotText(snapshot));
  if (bytes.length <= compressAbove) return bytes;
  return compress(bytes).then((packed) => Buffer.concat([Buffer.of(COMPRESSED), packed]));
}

/**
 * Makes a snapshot of bytes that `bytesOfSnapshot` has made.
 *
 * @param isKept tells whether a copy stays here; one that only passes through is neither inspected nor copied
 * @throws Error for any other bytes, as far as it can tell
 */
export function snapshotOfBytes(bytes: Buffer, isolation: Isolation, isKept: boolean): MaybePromise<ValueSnapshot> {
  const read = (text: string): ValueSnapshot =>
    isKept || isolation === 'freeze' ? restoreSnapshot(text, isolation) : new PassingSnapshot(text);
  if (bytes[0] !== COMPRESSED) return read(bytes.toString());
  return expand(bytes.subarray(1), { maxOutputLength: MAX_EXPANDED_BYTES }).then((text) => read(text.toString()));
}

/** Is the size that no value from the server can exceed once expanded: a few bytes could ask for all memory otherwise. */
const MAX_EXPANDED_BYTES = 256 * 1024 * 1024;
