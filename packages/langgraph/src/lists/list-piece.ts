/**
 * Packs elements of a list, each already bytes, into one piece: first the number of the format, which no envelope begins with,
 * then each element after its length, seven bits to a byte, the lowest first, with the eighth set in all but the last.
 */
export function pieceOf(elements: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([HEAD, ...elements.flatMap((element) => [lengthOf(element), element])]);
}

/**
 * Unpacks the elements of a piece.
 *
 * @throws RangeError when the piece was damaged, or a later version has made it
 */
export function elementsOf(piece: Uint8Array): Uint8Array[] {
  if (piece[0] !== FORMAT) throw new RangeError('A piece of a list is of no known format.');
  const elements: Uint8Array[] = [];
  for (let at = 1; at < piece.length;) {
    let length = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = piece[at];
      if (byte === undefined) throw new RangeError('A piece of a list ends within a length.');
      at += 1;
      length += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    if (length > piece.length - at) throw new RangeError('A piece of a list ends within an element.');
    // No buffer of Node's, whatever the store returns: an element may be bytes itself.
    elements.push(new Uint8Array(piece.buffer, piece.byteOffset + at, length));
    at += length;
  }
  return elements;
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  let rest = length;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

const FORMAT = 1;
const HEAD = Uint8Array.of(FORMAT);
