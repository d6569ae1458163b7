import { types } from 'node:util';

import { NotEncodableError } from '../errors.ts';
import { isDetached } from './value-kind.ts';

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/**
 * Builds the error for a value that is not plain data.
 *
 * The way is searched only now, from the values that lie on it: walking a sound value costs no path.
 *
 * @param chain lists the values from the root to the obstacle, each a member of the one before
 * @param obstacle says what stands at the end; default: what the last value is
 * @param key names a property of the last value that is the obstacle itself
 */
export function refusal(chain: readonly unknown[], obstacle?: string, key?: string): NotEncodableError {
  let path = '$';
  for (let i = 1; i < chain.length; i++) path += stepTo(chain[i], chain[i - 1] as object);
  if (key !== undefined) path += memberOf(chain.at(-1), key);
  return new NotEncodableError(path, obstacle ?? describe(chain.at(-1)));
}

function stepTo(child: unknown, parent: object): string {
  if (parent instanceof Map) {
    const entries = [...(parent as Map<unknown, unknown>)];
    const index = entries.findIndex((entry) => entry.includes(child));
    return `.entries()[${index}][${entries[index]?.indexOf(child)}]`;
  }
  if (parent instanceof Set) return `.values()[${[...parent].indexOf(child)}]`;
  const key = Object.keys(parent).find((name) => (parent as Record<string, unknown>)[name] === child);
  return memberOf(parent, key ?? '?');
}

function memberOf(parent: unknown, key: string): string {
  if (Array.isArray(parent)) return `[${key}]`;
  return IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  if (types.isProxy(value)) return 'a proxy';
  if (isDetached(value)) return 'a detached ArrayBuffer';
  const prototype: unknown = Object.getPrototypeOf(value);
  const maker: unknown = prototype && Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return `an instance of ${(typeof maker === 'function' && maker.name) || 'an unnamed class'}`;
}
