import { refusal } from './refusal.ts';
import { bytesOf, hasExtraProperties, kindOf } from './value-kind.ts';

const MAX_DEPTH = 500;

/** Ranks how much machinery a value needs to be written or copied; each form includes the ones below it. */
export const VALUE_FORM = {
  /** `JSON.parse(JSON.stringify(value))` returns it unchanged. */
  json: 0,
  /** Plain objects and dense arrays, none of them in two places, and any primitives: `undefined`, `NaN`, `-0`, bigints. */
  tree: 1,
  /** Plain objects and arrays of any shape: shared references, cycles, holes, objects without a prototype. */
  graph: 2,
  /** Holds a `Date`, `Map`, `Set`, `URL` or bytes: objects with a state of their own, which cannot be frozen. */
  exotic: 3,
} as const;

/** Is one of the ranks of `VALUE_FORM`. */
export type ValueForm = (typeof VALUE_FORM)[keyof typeof VALUE_FORM];

/** Says what a value needs and weighs. */
export interface ValueInspection {
  readonly form: ValueForm;
  /**
   * Estimates the bytes on the heap: 2 for a character, 8 for any other primitive, 16 for each string, object and
   * property, and the bytes of binary data.
   */
  readonly bytes: number;
}

/**
 * Finds out whether a value can be stored and read back unchanged, without running any code of it: no getter, no
 * `toJSON`, no iterator.
 *
 * @throws NotEncodableError for what is not plain data, for properties that a copy would lose (symbol keys, accessors,
 * non-enumerable properties, extra properties on anything but a plain object), for nesting deeper than 500, and for an
 * own property `__proto__` in a value that is more than JSON
 */
export function inspectValue(value: unknown): ValueInspection {
  const inspection = new Inspection(true);
  inspection.visit(value);
  if (inspection.prototypeKeyAt && inspection.form > VALUE_FORM.json) {
    throw refusal(
      inspection.prototypeKeyAt,
      'a property named __proto__ in a value that is more than JSON',
      '__proto__',
    );
  }
  return inspection;
}

/** Estimates the bytes of any value; what cannot be inspected, such as an instance of a class, counts as 64. */
export function estimateBytes(value: unknown): number {
  const inspection = new Inspection(false);
  inspection.visit(value);
  return inspection.bytes;
}

const NONE: object[] = [];

class Inspection implements ValueInspection {
  form: ValueForm = VALUE_FORM.json;
  bytes = 0;
  prototypeKeyAt: readonly object[] | undefined;
  readonly #strict: boolean;
  // Made for the first object: a text needs neither.
  #seen: Set<object> | undefined;
  #ancestors: object[] = NONE;

  constructor(strict: boolean) {
    this.#strict = strict;
  }

  visit(value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.bytes += 16 + 2 * value.length;
        return;
      case 'number':
        this.bytes += 8;
        if (!Number.isFinite(value) || Object.is(value, -0)) this.#require(VALUE_FORM.tree);
        return;
      case 'boolean':
        this.bytes += 8;
        return;
      case 'undefined':
        this.bytes += 8;
        return this.#require(VALUE_FORM.tree);
      case 'bigint':
        this.bytes += 16 + value.toString(16).length / 2;
        return this.#require(VALUE_FORM.tree);
      case 'object':
        if (value !== null) return this.#visitObject(value);
        this.bytes += 8;
        return;
      default:
        this.#refuse([...this.#ancestors, value]);
    }
  }

  #visitObject(value: object): void {
    if (this.#seen === undefined) {
      this.#seen = new Set();
      this.#ancestors = [];
    }
    if (this.#seen.has(value)) return this.#require(VALUE_FORM.graph);
    this.#seen.add(value);
    const chain = this.#ancestors;
    if (chain.length === MAX_DEPTH) return this.#refuse([...chain, value], `nesting deeper than ${MAX_DEPTH}`);
    const kind = kindOf(value);
    if (kind === undefined) return this.#refuse([...chain, value]);
    if (kind !== 'Object' && kind !== 'Array' && hasExtraProperties(value, kind)) {
      return this.#refuse([...chain, value], `extra properties on an instance of ${kind}`);
    }
    this.bytes += 16;
    chain.push(value);
    if (kind === 'Object') this.#visitMembers(value);
    else if (Array.isArray(value)) this.#visitElements(value);
    else this.#visitExotic(value);
    chain.pop();
  }

  #visitMembers(object: object): void {
    if (Object.getPrototypeOf(object) === null) this.#require(VALUE_FORM.graph);
    this.#visitProperties(object, Reflect.ownKeys(object));
  }

  #visitElements(array: unknown[]): void {
    const keys = Reflect.ownKeys(array);
    // The indices come first, then `length`, then what was added.
    const indices = keys.lastIndexOf('length');
    if (indices < keys.length - 1) this.#refuse(this.#ancestors, 'extra properties on an array');
    keys.length = indices;
    if (indices < array.length) this.#require(VALUE_FORM.graph);
    this.#visitProperties(array, keys);
  }

  #visitExotic(value: object): void {
    this.#require(VALUE_FORM.exotic);
    if (value instanceof Map) {
      for (const [key, member] of value) {
        this.bytes += 16;
        this.visit(key);
        this.visit(member);
      }
    } else if (value instanceof Set) {
      for (const member of value) {
        this.bytes += 16;
        this.visit(member);
      }
    } else if (value instanceof URL) {
      this.visit(value.href);
    } else {
      this.bytes += value instanceof Date ? 8 : bytesOf(value).byteLength;
    }
  }

  #visitProperties(value: object, keys: readonly PropertyKey[]): void {
    for (const key of keys) {
      if (typeof key !== 'string') {
        this.#refuse(this.#ancestors, 'a symbol key');
        continue;
      }
      const property = Object.getOwnPropertyDescriptor(value, key)!;
      if (!('value' in property)) this.#refuse(this.#ancestors, 'an accessor', key);
      else if (!property.enumerable) this.#refuse(this.#ancestors, 'a non-enumerable property', key);
      if (key === '__proto__') this.prototypeKeyAt ??= [...this.#ancestors];
      this.bytes += 16 + 2 * key.length;
      this.visit(property.value);
    }
  }

  #require(form: ValueForm): void {
    if (form > this.form) this.form = form;
  }

  #refuse(chain: readonly unknown[], obstacle?: string, key?: string): void {
    if (this.#strict) throw refusal(chain, obstacle, key);
    this.bytes += 64;
  }
}
