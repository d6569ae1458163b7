/*
 * An entry on the server, as bytes: '1', then epoch, stamp and place in 16 digits each, then fields that each end with a
 * newline, then the value. The scripts read the same form; see lua/entry.include.lua.
 */

/** Is what an entry says about itself. */
export interface EntryRecord {
  readonly epoch: string;
  readonly stamp: number;
  /** Is the seq at which it took its place: the tag of its key must not have moved since. */
  readonly placed: number;
  /** Names this very entry: no other one, of the same key or another, ever has it. */
  readonly id: string;
  /** Is the opening of the session that stored it, or nothing. */
  readonly opening: string;
  /** Is the list of its tags, joined. */
  readonly tagText: string;
  readonly retainMs: number;
  readonly ttlMs: number;
  readonly loadMs: number;
  readonly value: Buffer;
}

/** Separates tags where they stand in one text; tags have it escaped. */
export const TAG_SEPARATOR = '\u001f';

/** Is the length of what only the script knows. */
export const HEAD_LENGTH = 49;

/** Writes an entry past its head. */
export function writeRecord(record: Omit<EntryRecord, 'epoch' | 'stamp' | 'placed'>): Buffer {
  const { id, opening, tagText, retainMs, ttlMs, loadMs, value } = record;
  return Buffer.concat([Buffer.from(`${id}\n${opening}\n${tagText}\n${retainMs}\n${ttlMs}\n${loadMs}\n`), value]);
}

/** Reads an entry; undefined for bytes that are none. */
export function readRecord(bytes: Buffer): EntryRecord | undefined {
  if (bytes.length < HEAD_LENGTH || bytes[0] !== VERSION) return undefined;
  // One character for each byte, so that places in the text are places in the bytes; taken out once, which is the dear part.
  let text = bytes.toString('latin1', 0, PROBE_BYTES);
  let end = HEAD_LENGTH;
  const fields: string[] = [];
  while (fields.length < 6) {
    const start = end;
    end = text.indexOf('\n', start) + 1;
    if (end > 0) {
      const field = text.slice(start, end - 1);
      fields.push(BEYOND_ASCII.test(field) ? bytes.toString('utf8', start, end - 1) : field);
    } else {
      if (text.length === bytes.length) return undefined;
      text = bytes.toString('latin1');
      end = start;
    }
  }
  const epoch = text.slice(1, 17);
  const [stamp, placed] = [Number(text.slice(17, 33)), Number(text.slice(33, HEAD_LENGTH))];
  const [id, opening, tagText, retain, ttl, load] = fields as [string, string, string, string, string, string];
  const [retainMs, ttlMs, loadMs] = [Number(retain), Number(ttl), Number(load)];
  if (!(stamp > 0) || !(placed >= stamp) || !(retainMs >= 0) || !(ttlMs >= 0) || !(loadMs >= 0)) return undefined;
  return { epoch, stamp, placed, id, opening, tagText, retainMs, ttlMs, loadMs, value: bytes.subarray(end) };
}

/** Returns the tags of a list. */
export function splitTags(tagText: string): string[] {
  return tagText === '' ? [] : tagText.split(TAG_SEPARATOR);
}

const VERSION = '1'.charCodeAt(0);
/** Is how much of an entry is looked at first: most heads are shorter. */
const PROBE_BYTES = 512;
const BEYOND_ASCII = /[\u0080-\u00ff]/;
