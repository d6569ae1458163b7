import { cacheKey } from '../codec/cache-key.ts';
import type { EntryAddress, SessionHandle } from '../store/entry-store.ts';

/**
 * Remembers the addresses of calls that were made lately, so that a call that is made again needs no text put together,
 * and a store that keeps what it holds with the address (`EntryAddress.held`) needs no search.
 *
 * To spell arguments, flatten the text and hash it takes longer than all the rest of a hit. The values of the arguments
 * themselves lead to the address instead, step by step through a tree: one branch for each value of a primitive, one for each
 * list of an object's property names. Only what can be told apart as strictly as by `encodeCanonical` has a branch: plain
 * objects of primitives, few levels deep; for the rest there is no slot, and the key is spelt as ever.
 */
export class RecentAddresses {
  readonly #prefix: string;
  readonly #session: SessionHandle | undefined;
  #root: Slot;
  #room = MAX_SLOTS;

  /**
   * @param prefix is what all the keys begin with
   * @param session is the session whose end drops the entries
   */
  constructor(prefix: string, session?: SessionHandle) {
    this.#prefix = prefix;
    this.#session = session;
    this.#root = new Slot(session);
  }

  /**
   * Returns the address of a call.
   *
   * @param encode spells the arguments, where the address is not remembered
   */
  of(args: readonly unknown[], encode: (args: readonly unknown[]) => string): EntryAddress {
    const slot = this.#slot(args);
    if (slot === undefined) return this.spelt(encode(args));
    if (slot.key === '') slot.key = cacheKey(this.#prefix, encode(args));
    return slot;
  }

  /** Returns the address of a call that was made lately; undefined when there is none. */
  recall(args: readonly unknown[]): EntryAddress | undefined {
    const slot = this.#slot(args);
    return slot === undefined || slot.key === '' ? undefined : slot;
  }

  /** Returns the address of a call whose arguments are spelt already, and remembers nothing. */
  spelt(argsText: string): EntryAddress {
    return { key: cacheKey(this.#prefix, argsText), session: this.#session };
  }

  /** Returns where the key of these values is, or is to be kept; undefined when there is no such place. */
  #slot(values: readonly unknown[]): Slot | undefined {
    // All at once: what is still in use is back after one call, and no order has to be kept up on every call.
    if (this.#room <= 0) {
      this.#root = new Slot(this.#session);
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
      next = new Slot(this.#session);
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
      branches.set(value, (next = new Slot(this.#session)));
    }
    return next;
  }
}

/** Is where a sequence of values leads to: the address of a call, once one was made with them. */
class Slot implements EntryAddress {
  key = '';
  readonly session: SessionHandle | undefined;
  held: unknown = null;
  branches: Map<unknown, Slot> | undefined = undefined;
  shapes: { readonly names: readonly string[]; readonly slot: Slot }[] | undefined = undefined;

  constructor(session: SessionHandle | undefined) {
    this.session = session;
  }
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
