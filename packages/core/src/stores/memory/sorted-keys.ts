import type { KeyPage, KeyPageRequest } from '../../store/key-page.ts';

const MAX_CHUNK = 512;

/**
 * Keeps keys sorted by their code points. Adding and removing one moves a few hundred others at most, and a page costs
 * what stands on it, whatever the number of keys.
 */
export class SortedKeys {
  /** Holds the keys in order, in pieces of which none is empty. */
  readonly #chunks: string[][] = [];

  add(key: string): void {
    const place = this.#chunkOf(key);
    const chunk = this.#chunks[place];
    if (chunk === undefined) {
      this.#chunks.push([key]);
      return;
    }
    const index = firstFrom(chunk, key);
    if (chunk[index] === key) return;
    chunk.splice(index, 0, key);
    if (chunk.length > MAX_CHUNK) this.#chunks.splice(place + 1, 0, chunk.splice(MAX_CHUNK / 2));
  }

  delete(key: string): void {
    const place = this.#chunkOf(key);
    const chunk = this.#chunks[place];
    if (chunk === undefined) return;
    const index = firstFrom(chunk, key);
    if (chunk[index] !== key) return;
    chunk.splice(index, 1);
    if (chunk.length === 0) this.#chunks.splice(place, 1);
  }

  /** Returns a page of the keys that `holds` accepts. */
  page({ prefix, after, limit }: KeyPageRequest, holds: (key: string) => boolean): KeyPage {
    const keys: string[] = [];
    for (const key of this.#from(prefix, after)) {
      if (!key.startsWith(prefix)) break;
      if (!holds(key)) continue;
      if (keys.length === limit) return { keys, more: true };
      keys.push(key);
    }
    return { keys, more: false };
  }

  *#from(prefix: string, after: string | undefined): Generator<string> {
    const start = after === undefined || compareKeys(after, prefix) < 0 ? prefix : after;
    for (let place = this.#chunkOf(start); place < this.#chunks.length; place += 1) {
      const chunk = this.#chunks[place] as string[];
      for (let index = firstFrom(chunk, start); index < chunk.length; index += 1) {
        if (chunk[index] !== after) yield chunk[index] as string;
      }
    }
  }

  /** Finds the last chunk that begins at or before the key: where it stands, or belongs. */
  #chunkOf(key: string): number {
    let [low, high] = [0, this.#chunks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#chunks[middle]?.[0] as string, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/** Compares two keys by their code points, which UTF-8 sorts the same way and UTF-16 does not. */
export function compareKeys(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

// Surrogates stand for the code points beyond all others.
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x1_0000 : unit;
}

/** Finds the first key of a chunk that is not before `key`. */
function firstFrom(chunk: readonly string[], key: string): number {
  let [low, high] = [0, chunk.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(chunk[middle] as string, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
