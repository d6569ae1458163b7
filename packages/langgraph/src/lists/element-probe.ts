import {
  AIMessage,
  AIMessageChunk,
  ChatMessage,
  FunctionMessage,
  HumanMessage,
  HumanMessageChunk,
  RemoveMessage,
  SystemMessage,
  SystemMessageChunk,
  ToolMessage,
  ToolMessageChunk,
} from '@langchain/core/messages';
import { types } from 'node:util';

/**
 * Remembers what an element of a list held, so that later a look at it tells whether it still holds the same.
 *
 * People change messages in place, so it is not enough that an element is the same object. A serialiser could be asked again,
 * but that costs a thousand times as much as a look. A probe is the objects that an element consists of, each with its keys in
 * order and what stood under them. It is exact where that is all that a serialiser can see: in plain objects, in arrays, and
 * in messages, whose classes keep nothing elsewhere. Anything else, a map or an instance of some class, has no probe.
 *
 * In turn for each object: the object and the number of its keys, then keys and values in turn; for an array the array and -1
 * minus its length, then the elements.
 */
export type ElementProbe = readonly unknown[];

/** Returns the probe of an element; undefined for one that has to be serialised to know what it holds. */
export function probeOf(element: unknown): ElementProbe | undefined {
  const probe: unknown[] = [];
  const objects = new Set<unknown>();
  const isKnown = (value: unknown): boolean => {
    if (typeof value === 'object' && value !== null) objects.add(value);
    return typeof value !== 'function' && typeof value !== 'symbol';
  };
  if (!isKnown(element)) return undefined;
  for (const object of objects as ReadonlySet<object>) {
    if (!isTransparent(object)) return undefined;
    const start = probe.length;
    const values = Array.isArray(object) ? addItems(object, probe) : addFields(object, probe);
    if (values?.every(isKnown) !== true) return undefined;
    // What is frozen stays as it is, and need not be looked at again.
    if (isFixed(object)) probe.length = start;
  }
  return probe;
}

/**
 * Tells whether a probe that stands among others still holds: each object has the keys that it had, with the same under them.
 *
 * @param start is where it begins
 * @param end is where it ends
 */
export function isUnchanged(slots: readonly unknown[], start: number, end: number): boolean {
  for (let at = start; at < end;) {
    const object = slots[at] as object;
    const count = slots[at + 1] as number;
    at += 2;
    const size = count < 0 ? -1 - count : 2 * count;
    // Arrays and objects are looked at by functions of their own: the engine is ten times as fast when it knows which it gets.
    if (!(count < 0 ? hasItems(object as unknown[], slots, at, at + size) : hasFields(object, slots, at, at + size))) {
      return false;
    }
    at += size;
  }
  return true;
}

function hasFields(object: object, slots: readonly unknown[], start: number, end: number): boolean {
  let at = start;
  for (const key in object) {
    // Beyond the end stands what belongs to the next object.
    if (at === end || slots[at] !== key) return false;
    if (!Object.is(slots[at + 1], (object as Readonly<Record<string, unknown>>)[key])) return false;
    at += 2;
  }
  return at === end;
}

function hasItems(items: readonly unknown[], slots: readonly unknown[], start: number, end: number): boolean {
  if (items.length !== end - start) return false;
  for (let at = start; at < end; at += 1) {
    const item = items[at - start];
    // A place that was emptied reads as undefined.
    if (!Object.is(slots[at], item) || (item === undefined && !(at - start in items))) return false;
  }
  return true;
}

/** Adds an array to a probe, and returns its elements; undefined where it holds more than them, or less. */
function addItems(items: readonly unknown[], probe: unknown[]): readonly unknown[] | undefined {
  if (Reflect.ownKeys(items).length !== items.length + 1) return undefined;
  probe.push(items, -1 - items.length);
  for (const item of items) probe.push(item);
  return items;
}

/** Adds an object to a probe, and returns its values; undefined where it has some that a look does not find. */
function addFields(object: object, probe: unknown[]): readonly unknown[] | undefined {
  const fields = object as Readonly<Record<string, unknown>>;
  const keys: string[] = [];
  for (const key in fields) keys.push(key);
  const own = Reflect.ownKeys(fields);
  // A message has a symbol that says that it is one.
  const found = isMessage(object) ? own.filter((key) => typeof key === 'string') : own;
  if (found.length !== keys.length) return undefined;
  const values = keys.map((key) => fields[key]);
  probe.push(object, keys.length);
  for (const [index, key] of keys.entries()) probe.push(key, values[index]);
  return values;
}

function isFixed(object: object): boolean {
  if (!Object.isFrozen(object)) return false;
  return Object.values(Object.getOwnPropertyDescriptors(object)).every((property) => 'value' in property);
}

function isTransparent(object: object): boolean {
  if (types.isProxy(object)) return false;
  const prototype: unknown = Object.getPrototypeOf(object);
  if (Array.isArray(object)) return prototype === Array.prototype;
  return prototype === Object.prototype || prototype === null || isMessage(object);
}

function isMessage(object: object): boolean {
  return MESSAGES.has(Object.getPrototypeOf(object) as object);
}

/** Holds the prototypes of messages; those of another copy of the package have no probe. */
const MESSAGES: ReadonlySet<object> = new Set<object>([
  AIMessage.prototype,
  AIMessageChunk.prototype,
  ChatMessage.prototype,
  FunctionMessage.prototype,
  HumanMessage.prototype,
  HumanMessageChunk.prototype,
  RemoveMessage.prototype,
  SystemMessage.prototype,
  SystemMessageChunk.prototype,
  ToolMessage.prototype,
  ToolMessageChunk.prototype,
]);
