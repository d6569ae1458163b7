/**
 * Packs elements of a list, each already bytes, into one piece: before each stands its length, seven bits to a byte, the lowest
 * first, with the eighth set in all but the last.
 */
export function pieceOf(elements: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(elements.flatMap((element) => [lengthOf(element), element]));
}

/**
 * Unpacks the elements of a piece.
 *
 * @throws RangeError when the piece was damaged
 */
export function elementsOf(piece: Uint8Array): Uint8Array[] {
  const elements: Uint8Array[] = [];
  for (let at = 0; at < piece.length;) {
    let length = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = piece[at];
      if (byte === undefined) throw new RangeError('A piece of a list ends within a length.');
      at += 1;
      length += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    if (length > piece.length - at) throw new RangeError('A piece of a list ends within an element.');
    elements.push(piece.subarray(at, at + length));
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
