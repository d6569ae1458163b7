import { types } from 'node:util';

import { Document } from '@langchain/core/documents';

import { documentClass, isForeignDocument } from './document-class.ts';
import { errorClasses } from './error-classes.ts';
import type { KeptClass } from './kept-class.ts';
import { langGraphClasses } from './langgraph-classes.ts';
import { MESSAGE_MARK, messageClasses } from './message-classes.ts';

/** Is the closed list: nothing else is ever made of what a store holds, and no data can add to it. */
const byName: ReadonlyMap<unknown, KeptClass> = new Map(
  [...messageClasses, documentClass, ...errorClasses, ...langGraphClasses.values()].map((each) => [each.name, each]),
);

const byPrototype: ReadonlyMap<unknown, KeptClass> = new Map<unknown, KeptClass>([
  ...[...messageClasses, ...errorClasses].map((each) => [each.constructor.prototype, each] as const),
  [Document.prototype, documentClass],
]);

const PLAIN: ReadonlySet<unknown> = new Set([null, Object.prototype, Array.prototype]);

/** Returns the class of that name. */
export function keptClassNamed(name: unknown): KeptClass | undefined {
  return byName.get(name);
}

/** Returns the class of an object if its instances are kept, and runs no code of the object. */
export function keptClassOf(value: object): KeptClass | undefined {
  if (types.isProxy(value)) return undefined;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (PLAIN.has(prototype)) return undefined;
  const known = byPrototype.get(prototype);
  // An object can have the prototype of errors, and be none.
  if (known !== undefined) return prototype === Document.prototype || isWhole(value) ? known : undefined;
  return foreignClassOf(value, prototype as object);
}

function isWhole(value: object): boolean {
  return types.isNativeError(value) || dataOf(value, MESSAGE_MARK) === true;
}

// Two copies of a package in one program are common, and their classes are not the same.
function foreignClassOf(value: object, prototype: object): KeptClass | undefined {
  const constructor = dataOf(prototype, 'constructor');
  if (dataOf(value, MESSAGE_MARK) === true) return foreignMessageClass(constructor);
  const parent = Object.getPrototypeOf(prototype) as object;
  const instruction = langGraphClasses.get(dataOf(value, 'lg_name'));
  if (instruction !== undefined) {
    const root: unknown = instruction.name === 'Command' ? Object.getPrototypeOf(parent) : parent;
    return root === Object.prototype && instruction.has(value) ? instruction : undefined;
  }
  return parent === Object.prototype && isForeignDocument(value, constructor) ? documentClass : undefined;
}

function foreignMessageClass(constructor: unknown): KeptClass | undefined {
  if (typeof constructor !== 'function') return undefined;
  const name = ownName(constructor);
  const isBelowBase = /^BaseMessage(?:Chunk)?$/.test(ownName(Object.getPrototypeOf(constructor) as object));
  return isBelowBase ? messageClasses.find((each) => each.name === name) : undefined;
}

/** Returns the name by which LangChain knows a class: one that is shortened keeps it. */
function ownName(constructor: object): string {
  const { lc_name: lcName, name } = constructor as { readonly lc_name?: () => string; readonly name?: unknown };
  return Object.hasOwn(constructor, 'lc_name') && typeof lcName === 'function'
    ? lcName.call(constructor)
    : String(name);
}

function dataOf(object: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value as unknown;
}
