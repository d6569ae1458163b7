import { types } from 'node:util';

import { keptClassOf } from './class-finder.ts';
import { defineField } from './instance-fields.ts';

/** Leads from a value to a part of it: the keys of objects, the indices of arrays, of sets, and of the keys and values of maps. */
type PartPath = readonly (string | number)[];

/** Says which class a part of a value has, where the part is, and what its fields cannot say. */
export type ClassMark = readonly [name: string, path: PartPath, note?: unknown];

/** Is a value in which the fields of instances stand in their place, and what they were. */
export interface StrippedValue {
  readonly plain: unknown;
  readonly marks: readonly ClassMark[];
  /** Tells that the plain value is JSON for certain. */
  readonly isJson: boolean;
}

/**
 * Puts plain objects in the place of the instances of all classes that are kept; the value itself is left as it is. What is
 * shared, and what is part of itself, is so in the copy. What cannot be kept is in the copy, too: it is refused later.
 *
 * Which classes there were stands beside the copy, so that no data, whatever it looks like, can be taken for an instance.
 */
export function stripClasses(value: unknown): StrippedValue {
  const stripping = new Stripping();
  return { plain: stripping.visit(value), marks: stripping.marks, isJson: stripping.isJson };
}

/** What is deeper is refused by whoever encodes the copy. */
const MAX_DEPTH = 500;

class Stripping {
  readonly marks: ClassMark[] = [];
  isJson = true;
  readonly #copies = new Map<object, object>();
  readonly #path: (string | number)[] = [];

  visit(value: unknown): unknown {
    if (typeof value === 'object' && value !== null) return this.#visitObject(value);
    if (!isJsonPrimitive(value)) this.isJson = false;
    return value;
  }

  #visitObject(value: object): object {
    if (this.#path.length >= MAX_DEPTH) return this.#left(value);
    const copied = this.#copies.get(value);
    const kept = keptClassOf(value);
    if (copied !== undefined) {
      this.isJson = false;
      // Each place of an instance is marked; its note is needed once.
      if (kept !== undefined) this.marks.push([kept.name, [...this.#path]]);
      return copied;
    }
    if (kept === undefined) return this.#copy(value);
    const { fields, note, isSound } = kept.contentOf(value);
    this.marks.push(note === undefined ? [kept.name, [...this.#path]] : [kept.name, [...this.#path], note]);
    if (!isSound) return this.#left(fields);
    this.#copies.set(value, fields);
    this.#visitFields(fields as Record<string, unknown>);
    return fields;
  }

  #copy(value: object): object {
    if (types.isProxy(value)) return this.#left(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return this.#copyInto({}, value);
    if (prototype === Array.prototype && Array.isArray(value)) return this.#copyInto([], value);
    this.isJson = false;
    if (prototype === null) return this.#copyInto(Object.create(null) as object, value);
    if (prototype === Map.prototype && types.isMap(value) && isBare(value)) return this.#copyMap(value);
    return prototype === Set.prototype && types.isSet(value) && isBare(value) ? this.#copySet(value) : value;
  }

  #copyInto(copy: object, value: object): object {
    this.#copies.set(value, copy);
    const keys = Reflect.ownKeys(value);
    if (Array.isArray(value)) this.#copyLength(copy as unknown[], value, keys);
    for (const key of keys) {
      const property = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      if (typeof key === 'symbol' || property.enumerable !== true || !('value' in property)) {
        this.isJson = false;
        Object.defineProperty(copy, key, property);
        continue;
      }
      const member: unknown = property.value;
      if (typeof member === 'object' && member !== null) defineField(copy, key, this.#visitMember(member, key));
      else defineField(copy, key, this.visit(member));
    }
    return copy;
  }

  #copyLength(copy: unknown[], array: readonly unknown[], keys: PropertyKey[]): void {
    copy.length = array.length;
    // The indices come first, then the length, then what was added.
    const elements = keys.indexOf('length');
    keys.splice(elements, 1);
    if (elements !== array.length || keys.length !== elements) this.isJson = false;
  }

  #visitFields(fields: Record<string, unknown>): void {
    for (const key of Object.keys(fields)) {
      const value = fields[key];
      if (typeof value === 'object' && value !== null) fields[key] = this.#visitMember(value, key);
      else if (!isJsonPrimitive(value)) this.isJson = false;
    }
  }

  #copyMap(value: Map<unknown, unknown>): object {
    const copy = new Map<unknown, unknown>();
    this.#copies.set(value, copy);
    let place = 0;
    for (const [key, member] of value) {
      copy.set(this.#visitMember(key, place), this.#visitMember(member, place + 1));
      place += 2;
    }
    return copy;
  }

  #copySet(value: Set<unknown>): object {
    const copy = new Set<unknown>();
    this.#copies.set(value, copy);
    for (const member of value) copy.add(this.#visitMember(member, copy.size));
    return copy;
  }

  #visitMember(value: unknown, place: string | number): unknown {
    this.#path.push(place);
    const visited = this.visit(value);
    this.#path.pop();
    return visited;
  }

  #left(value: object): object {
    this.isJson = false;
    return value;
  }
}

// What is added to a collection would be lost in a copy.
function isBare(collection: object): boolean {
  return Reflect.ownKeys(collection).length === 0;
}

function isJsonPrimitive(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}
