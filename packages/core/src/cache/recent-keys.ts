import { cacheKey } from '../codec/cache-key.ts';

/**
 * Remembers the keys of calls that were made lately, so that a call that is made again needs no text put together.
 *
 * To spell arguments, flatten the text and hash it takes longer than all the rest of a hit. The values of the arguments
 * themselves lead to the key instead, step by step through a tree: one branch for each value of a primitive, one for each
 * list of an object's property names. Only what can be told apart as strictly as by `encodeCanonical` has a branch: plain
 * objects of primitives, few levels deep; for the rest there is no slot, and the key is spelt as ever.
 */
export class RecentKeys {
  readonly prefix: string;
  #root = new Slot();
  #room = MAX_SLOTS;

  /** @param prefix is what all the keys begin with */
  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /**
   * Returns the key of a call.
   *
   * @param encode spells the arguments, where the key is not remembered
   */
  key(args: readonly unknown[], encode: (args: readonly unknown[]) => string): string {
    const slot = this.#slot(args);
    if (slot === undefined) return cacheKey(this.prefix, encode(args));
    return (slot.key ??= cacheKey(this.prefix, encode(args)));
  }

  /** Returns where the key of these values is, or is to be kept; undefined when there is no such place. */
  #slot(values: readonly unknown[]): Slot | undefined {
    // All at once: what is still in use is back after one call, and no order has to be kept up on every call.
    if (this.#room <= 0) {
      this.#root = new Slot();
      this.#room = MAX_SLOTS;
    }
    let slot: Slot | undefined = this.#root;
    for (let index = 0; index < values.length && slot !== undefined; index += 1) {
      slot = this.#step(slot, values[index], 0);
    }
    return slot;
  }

  #step(slot: Slot, value: unknown, depth: number): Slot | undefined {
    switch (typeof value) {
      case 'string':
        return value.length > MAX_TEXT ? undefined : this.#branch(slot, value);
      case 'number':
        return value === 0 && 1 / value < 0 ? undefined : this.#branch(slot, value); // a map takes -0 for 0
      case 'boolean':
      case 'undefined':
        return this.#branch(slot, value);
      case 'object':
        return value === null ? this.#branch(slot, value) : this.#stepInto(slot, value, depth + 1);
      default:
        return undefined;
    }
  }

  #stepInto(slot: Slot, value: object, depth: number): Slot | undefined {
    if (depth > MAX_DEPTH || Object.getPrototypeOf(value) !== Object.prototype) return undefined;
    if (Object.getOwnPropertySymbols(value).length > 0) return undefined;
    const names = Object.keys(value);
    let next = slot.shapes?.find((shape) => isSame(shape.names, names))?.slot;
    if (next === undefined) {
      this.#room -= 1;
      next = new Slot();
      (slot.shapes ??= []).push({ names, slot: next });
      if (slot.shapes.length > MAX_SHAPES) slot.shapes.shift();
    }
    for (let index = 0; index < names.length && next !== undefined; index += 1) {
      next = this.#step(next, (value as Record<string, unknown>)[names[index] as string], depth);
    }
    return next;
  }

  #branch(slot: Slot, value: unknown): Slot {
    const branches = (slot.branches ??= new Map<unknown, Slot>());
    let next = branches.get(value);
    if (next === undefined) {
      this.#room -= 1;
      branches.set(value, (next = new Slot()));
    }
    return next;
  }
}

/** Is where a sequence of values leads to. */
class Slot {
  key: string | undefined = undefined;
  branches: Map<unknown, Slot> | undefined = undefined;
  shapes: { readonly names: readonly string[]; readonly slot: Slot }[] | undefined = undefined;
}

const MAX_SLOTS = 4096;
const MAX_TEXT = 256;
const MAX_DEPTH = 4;
const MAX_SHAPES = 8;

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
