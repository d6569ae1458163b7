import { endianness } from 'node:os';

/**
 * Turns vectors of one length into a text: the length, a space, and their numbers as floats of 4 bytes each, in base64. They
 * are stored with length 1, so that the cosine of two is one sum; one of zeros stays as it is.
 */
export function vectorText(vectors: readonly (readonly number[])[]): string {
  const dims = vectors[0]?.length ?? 0;
  const floats = new Float32Array(vectors.length * dims);
  for (const [place, vector] of vectors.entries()) floats.set(unitVector(vector), place * dims);
  return `${dims} ${inOrder(Buffer.from(floats.buffer)).toString('base64')}`;
}

/**
 * Returns the cosine of the angle between a vector of length 1 and that of the stored vectors which is nearest to it; undefined
 * when vectors of another length are stored, or none.
 */
export function bestCosine(stored: string, vector: Float32Array): number | undefined {
  const dims = vector.length;
  const start = stored.indexOf(' ') + 1;
  if (stored.slice(0, start - 1) !== String(dims)) return undefined;
  const bytes = inOrder(Buffer.from(stored.slice(start), 'base64'));
  const count = Math.floor(bytes.length / Float32Array.BYTES_PER_ELEMENT);
  // A buffer of Node may begin anywhere in a larger one, also where no float can.
  const isAligned = bytes.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0;
  const { buffer, byteOffset } = isAligned ? bytes : new Uint8Array(bytes);
  const floats = new Float32Array(buffer, byteOffset, count);
  let best: number | undefined;
  for (let from = 0; from + dims <= floats.length; from += dims) {
    let sum = 0;
    for (let place = 0; place < dims; place += 1) {
      sum += (floats[from + place] as number) * (vector[place] as number);
    }
    if (best === undefined || sum > best) best = sum;
  }
  return best;
}

/** Returns the vector of length 1 with the same direction. */
export function unitVector(vector: readonly number[]): Float32Array {
  // The largest number first: squares of large ones would be infinite, and those of small ones nothing.
  const largest = vector.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  if (largest === 0) return new Float32Array(vector.length);
  const scaled = vector.map((each) => each / largest);
  const length = Math.sqrt(scaled.reduce((sum, each) => sum + each * each, 0));
  return Float32Array.from(scaled, (each) => each / length);
}

/** Turns the bytes of floats around where the machine has them the other way: what is stored is the same everywhere. */
function inOrder(bytes: Buffer): Buffer {
  return endianness() === 'BE' ? bytes.swap32() : bytes;
}
