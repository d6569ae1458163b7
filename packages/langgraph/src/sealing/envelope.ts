/**
 * Is what stands in front of sealed bytes.
 *
 * Its first byte is 255, with which no text begins, and so nothing that a serialiser has made: its type is a text.
 */
export interface EnvelopeHead {
  /** Is the number of the way in which the content is compressed; 0 for not at all. */
  readonly compression: number;
  /** Is how long the content is when it is not compressed. */
  readonly length: number;
  /** Names the key that has encrypted the content; '' where it is not encrypted. */
  readonly keyId: string;
}

/** Is an envelope that was opened: its head, the bytes of the head, and what follows them. */
export interface Envelope extends EnvelopeHead {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

/** Returns the bytes of a head. */
export function headOf({ compression, length, keyId }: EnvelopeHead): Buffer {
  const id = Buffer.from(keyId);
  const head = Buffer.alloc(FIXED + id.length);
  head.set([MARK, VERSION, compression, id.length]);
  head.writeUInt32BE(length, 4);
  head.set(id, FIXED);
  return head;
}

/** Tells whether bytes stand in an envelope. */
export function isEnvelope(bytes: Uint8Array): boolean {
  return bytes[0] === MARK;
}

/** Reads an envelope; undefined for one that was cut off, or that a later version has made. */
export function envelopeFrom(bytes: Uint8Array): Envelope | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = FIXED + (buffer[3] ?? 0);
  if (buffer.length < end || buffer[0] !== MARK || buffer[1] !== VERSION) return undefined;
  return {
    compression: buffer[2] as number,
    length: buffer.readUInt32BE(4),
    keyId: buffer.toString('utf8', FIXED, end),
    head: buffer.subarray(0, end),
    body: buffer.subarray(end),
  };
}

/** Is the longest content that a head can tell of, in bytes. */
export const LONGEST_CONTENT: number = 2 ** 32 - 1;

const MARK = 0xff;
const VERSION = 1;
const FIXED = 8;
