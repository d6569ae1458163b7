import type { InstanceContent } from './kept-class.ts';

/** Says which properties of an instance are no fields. */
export interface FieldRules {
  /** Is a new instance; what it has, too, is not worth keeping. */
  readonly fresh?: Readonly<Record<string, unknown>>;
  /** Names properties that are left out. */
  readonly without?: ReadonlySet<PropertyKey>;
}

/**
 * Returns the own properties of an instance as a new object, without running code of it. Accessors, symbols and hidden
 * properties stay what they are, so that nobody takes the object for plain data.
 */
export function fieldsOf(instance: object, { fresh = {}, without }: FieldRules): InstanceContent {
  const fields = {};
  let isSound = true;
  for (const key of Reflect.ownKeys(instance)) {
    if (without?.has(key) === true) continue;
    const property = Object.getOwnPropertyDescriptor(instance, key) as PropertyDescriptor;
    if (typeof key !== 'string' || property.enumerable !== true || !('value' in property)) {
      isSound = false;
      Object.defineProperty(fields, key, property);
    } else if (!Object.hasOwn(fresh, key) || !Object.is(fresh[key], property.value)) {
      defineField(fields, key, property.value);
    }
  }
  return { fields, isSound };
}

/** Sets an own property, whatever its name is, and runs no setter that a prototype has for it. */
export function defineField(target: object, key: string, value: unknown): void {
  if (key !== '__proto__' && (Object.hasOwn(target, key) || !(key in target))) {
    (target as Record<string, unknown>)[key] = value;
  } else Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
}
