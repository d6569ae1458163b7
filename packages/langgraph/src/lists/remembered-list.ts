import { isUnchanged, type ElementProbe } from './element-probe.ts';

/** Is a list as it was last stored or read: its elements with what they held, and where its pieces end. */
export class RememberedList {
  /** Holds for each piece the number of elements up to its end, and the name of the list that ends with it. */
  #ends: number[] = [];
  #digests: string[] = [];
  #elements: unknown[] = [];
  /** Holds the probes of all elements one after the other: a look at them all goes through memory in one direction. */
  #slots: unknown[] = [];
  /** Says where the probe of each element ends; an element without one has NO_PROBE in its place. */
  #probeEnds: number[] = [];

  get length(): number {
    return this.#elements.length;
  }

  get first(): unknown {
    return this.#elements[0];
  }

  get pieces(): number {
    return this.#ends.length;
  }

  /** Is about how much memory the list takes beside its elements, in references. */
  get weight(): number {
    return this.#slots.length + 4 * this.#elements.length;
  }

  /** Returns where a piece ends, in elements; 0 before the first one. */
  endOf(piece: number): number {
    return this.#ends[piece] ?? 0;
  }

  /** Returns the name of the list that ends with a piece; undefined before the first one. */
  digestOf(piece: number): string | undefined {
    return this.#digests[piece];
  }

  /** Counts the pieces that end within the first elements. */
  piecesWithin(length: number): number {
    let [low, high] = [0, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] as number) <= length) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Returns how many elements from one on are the same objects as here and hold what they held. */
  sameFrom(start: number, list: readonly unknown[]): number {
    const end = Math.min(this.length, list.length);
    let at = start;
    let slot = this.#probeEnds[start - 1] ?? 0;
    for (; at < end; at += 1) {
      const next = this.#probeEnds[at] as number;
      if (!Object.is(list[at], this.#elements[at])) break;
      if (next > slot && this.#slots[slot] === NO_PROBE) break;
      if (!isUnchanged(this.#slots, slot, next)) break;
      slot = next;
    }
    return at - start;
  }

  /** Tells whether an element is the same object, of which only a serialiser can tell what it holds. */
  isOpaque(at: number, element: unknown): boolean {
    return at < this.length && Object.is(this.#elements[at], element) && this.#probeOf(at) === undefined;
  }

  /** Adds a piece with its elements. */
  add(digest: string, elements: readonly unknown[], probes: readonly (ElementProbe | undefined)[]): void {
    for (const [index, element] of elements.entries()) {
      this.#elements.push(element);
      for (const slot of probes[index] ?? [NO_PROBE]) this.#slots.push(slot);
      this.#probeEnds.push(this.#slots.length);
    }
    this.#ends.push(this.length);
    this.#digests.push(digest);
  }

  /** Forgets all but the first pieces. */
  cut(pieces: number): void {
    const end = this.endOf(pieces - 1);
    this.#ends.length = pieces;
    this.#digests.length = pieces;
    this.#elements.length = end;
    this.#slots.length = this.#probeEnds[end - 1] ?? 0;
    this.#probeEnds.length = end;
  }

  /** Returns the same list with some elements in place of others that hold the same. */
  with(
    others: ReadonlyMap<number, { readonly element: unknown; readonly probe: ElementProbe | undefined }>,
  ): RememberedList {
    const list = new RememberedList();
    for (const [piece, digest] of this.#digests.entries()) {
      const places = Array.from({ length: this.endOf(piece) - list.length }, (_, index) => list.length + index);
      const elements = places.map((at) => (others.has(at) ? others.get(at)?.element : this.#elements[at]));
      list.add(
        digest,
        elements,
        places.map((at) => (others.has(at) ? others.get(at)?.probe : this.#probeOf(at))),
      );
    }
    return list;
  }

  /** Returns a list that begins as this one does, and goes its own way. */
  copy(): RememberedList {
    const copy = new RememberedList();
    copy.#ends = this.#ends.slice();
    copy.#digests = this.#digests.slice();
    copy.#elements = this.#elements.slice();
    copy.#slots = this.#slots.slice();
    copy.#probeEnds = this.#probeEnds.slice();
    return copy;
  }

  #probeOf(at: number): ElementProbe | undefined {
    const probe = this.#slots.slice(this.#probeEnds[at - 1] ?? 0, this.#probeEnds[at]);
    return probe[0] === NO_PROBE ? undefined : probe;
  }
}

const NO_PROBE = Symbol('no probe');
