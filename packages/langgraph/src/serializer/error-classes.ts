import { defineField } from './instance-fields.ts';
import type { InstanceContent, KeptClass } from './kept-class.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Is a class of errors that is kept. */
export interface KeptErrorClass extends KeptClass {
  readonly constructor: ErrorConstructor;
}

/** Lists the errors of the language, which are kept with their fields, their stack and their cause. */
export const errorClasses: readonly KeptErrorClass[] = [
  errorClass('Error', Error),
  errorClass('TypeError', TypeError),
  errorClass('RangeError', RangeError),
  errorClass('SyntaxError', SyntaxError),
  errorClass('ReferenceError', ReferenceError),
  errorClass('EvalError', EvalError),
  errorClass('URIError', URIError),
  errorClass('AggregateError', AggregateError as unknown as ErrorConstructor),
];

const HIDDEN: ReadonlySet<unknown> = new Set(['stack', 'message', 'cause', 'errors']);

function errorClass(name: string, constructor: ErrorConstructor): KeptErrorClass {
  return {
    name,
    constructor,
    create: () => (name === 'AggregateError' ? new AggregateError([]) : new constructor()),
    contentOf(error: object): InstanceContent {
      const fields = {};
      let isSound = true;
      const shown: PropertyKey[] = [];
      for (const key of Reflect.ownKeys(error)) {
        const property = Object.getOwnPropertyDescriptor(error, key) as PropertyDescriptor;
        if (property.enumerable === true && HIDDEN.has(key)) shown.push(key);
        if (key === 'stack') defineField(fields, key, (error as Error).stack);
        else if (typeof key === 'string' && HIDDEN.has(key) && 'value' in property)
          defineField(fields, key, property.value);
        else if (typeof key === 'string' && property.enumerable === true && 'value' in property)
          defineField(fields, key, property.value);
        else {
          isSound = false;
          Object.defineProperty(fields, key, property);
        }
      }
      return { fields, isSound, note: shown.length > 0 ? shown : undefined };
    },
    fill(error: object, fields: Fields, note: unknown): void {
      const shown: readonly unknown[] = Array.isArray(note) ? note : [];
      // A new error has a stack, and some have more, that the one which was kept need not have.
      for (const key of Object.getOwnPropertyNames(error)) {
        if (!Object.hasOwn(fields, key)) Reflect.deleteProperty(error, key);
      }
      for (const [key, value] of Object.entries(fields)) {
        const enumerable = !HIDDEN.has(key) || shown.includes(key);
        if (key === 'stack' && !enumerable) (error as { stack: unknown }).stack = value;
        else Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
      }
    },
  };
}
