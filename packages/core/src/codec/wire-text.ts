/**
 * Turns a text into what leaves the process. UTF-8 has no place for half of a surrogate pair, and a client would put the same
 * replacement for all of them: such a text goes as bytes in which each half has three of its own. In either form, bytes are
 * in the order of code points.
 */
export function toWire(text: string): string | Buffer {
  if (text.isWellFormed()) return text;
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const isHalf = code >= FIRST_HALF && code <= LAST_HALF;
    parts.push(isHalf ? Buffer.of(0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)) : Buffer.from(character));
  }
  return Buffer.concat(parts);
}

/** Turns a text into its bytes, as `toWire` does; for whoever compares or keeps bytes. */
export function wireBytes(text: string): Buffer {
  const wire = toWire(text);
  return typeof wire === 'string' ? Buffer.from(wire) : wire;
}

/** Reads what `toWire` has made. */
export function fromWire(bytes: Buffer): string {
  let text = '';
  let start = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    const [second = 0, third = 0] = [bytes[at + 1], bytes[at + 2]];
    if (second < 0xa0 || second > 0xbf) continue;
    text += bytes.toString('utf8', start, at) + String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
    start = at + 3;
    at += 2;
  }
  return start === 0 ? bytes.toString() : text + bytes.toString('utf8', start);
}

const FIRST_HALF = 0xd800;
const LAST_HALF = 0xdfff;
