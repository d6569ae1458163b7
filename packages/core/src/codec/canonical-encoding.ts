import { lengthPrefixed } from './length-prefixed.ts';
import { refusal } from './refusal.ts';
import { bytesOf, hasExtraProperties, kindOf } from './value-kind.ts';

const MAX_DEPTH = 200;
const MAX_LENGTH = 2 ** 24;

/**
 * Spells a value as text, so that two texts are equal exactly when the values are, in the sense of
 * `util.isDeepStrictEqual`: the order of object keys, map entries and set members does not matter, everything else does.
 *
 * Takes plain data: primitives except symbols, plain objects and arrays, `Date`, `Map`, `Set`, `URL`, array buffers and
 * their views, `Buffer`. An object without a prototype counts as equal to a plain one with the same members. `toJSON` is
 * never called.
 *
 * @throws NotEncodableError for everything else, for cycles, for nesting deeper than 200, and for values whose text has
 * more than 2^24 characters
 */
export function encodeCanonical(value: unknown): string {
  return encode(value, []);
}

/** Spells the arguments of a call as text, as `encodeCanonical` does for an array of them. */
export function encodeArguments(args: readonly unknown[]): string {
  const ancestors = [args];
  let text = '[';
  for (let i = 0; i < args.length; i++) text += encode(args[i], ancestors);
  return text + ']';
}

// Each value begins with a letter or bracket of its kind and says where it ends, by its length or by a closing mark that
// begins no value. So any sequence of them can be read back in one way only, whatever the strings in it contain.
function encode(value: unknown, ancestors: object[]): string {
  switch (typeof value) {
    case 'string':
      return 's' + lengthPrefixed(value);
    case 'number':
      return Object.is(value, -0) ? 'd-0;' : 'd' + value + ';';
    case 'boolean':
      return value ? 't' : 'f';
    case 'undefined':
      return 'u';
    case 'bigint':
      return 'i' + value + ';';
    case 'object':
      return value === null ? 'n' : encodeObject(value, ancestors);
    default:
      throw refusal([...ancestors, value]);
  }
}

function encodeObject(value: object, ancestors: object[]): string {
  if (ancestors.includes(value)) throw refusal([...ancestors, value], 'a cycle');
  if (ancestors.length === MAX_DEPTH) throw refusal([...ancestors, value], `nesting deeper than ${MAX_DEPTH}`);
  ancestors.push(value);
  const text = encodeMembers(value, ancestors);
  if (text.length > MAX_LENGTH) throw refusal(ancestors, `more than ${MAX_LENGTH} characters of text`);
  ancestors.pop();
  return text;
}

function encodeMembers(value: object, ancestors: object[]): string {
  const kind = kindOf(value);
  if (kind === undefined) throw refusal(ancestors);
  if (kind === 'Object') return encodeProperties(value as Record<string, unknown>, ancestors);
  if (Array.isArray(value)) return encodeElements(value, ancestors);
  if (hasExtraProperties(value, kind)) throw refusal(ancestors, `extra properties on an instance of ${kind}`);
  if (value instanceof Date) return 'D' + value.getTime() + ';';
  if (value instanceof URL) return 'U' + lengthPrefixed(value.href);
  if (value instanceof Set) return 'S' + sorted(value, (member) => encode(member, ancestors));
  if (value instanceof Map) {
    return 'M' + sorted(value, ([key, member]) => encode(key, ancestors) + encode(member, ancestors));
  }
  return 'B' + kind + ':' + lengthPrefixed(Buffer.from(bytesOf(value)).toString('latin1'));
}

function encodeProperties(value: Record<string, unknown>, ancestors: object[]): string {
  refuseSymbols(value, ancestors);
  let text = '{';
  for (const key of sortKeys(Object.keys(value))) text += lengthPrefixed(key) + encode(value[key], ancestors);
  return text + '}';
}

function encodeElements(value: unknown[], ancestors: object[]): string {
  refuseSymbols(value, ancestors);
  let text = '[';
  let next = 0;
  for (const key of Object.keys(value)) {
    const index = Number(key);
    // The indices come first, so what is no index ends the elements.
    if (!(index < value.length && String(index >>> 0) === key))
      throw refusal(ancestors, 'extra properties on an array');
    text += holes(index - next) + encode(value[index], ancestors);
    next = index + 1;
  }
  return text + holes(value.length - next) + ']';
}

function holes(count: number): string {
  return count > 0 ? 'h' + count + ';' : '';
}

function refuseSymbols(value: object, ancestors: object[]): void {
  if (Object.getOwnPropertySymbols(value).length > 0) throw refusal(ancestors, 'a symbol key');
}

function sorted<T>(members: Iterable<T>, spell: (member: T) => string): string {
  return Array.from(members, spell).toSorted().join('') + ')';
}

// By code unit, which is the same order in every place and at every time. Most objects have a few keys only, where the
// general sort costs more than all the rest of the encoding.
function sortKeys(keys: string[]): string[] {
  if (keys.length > 12) return keys.toSorted();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i]!;
    let j = i;
    for (; j > 0 && keys[j - 1]! > key; j--) keys[j] = keys[j - 1]!;
    keys[j] = key;
  }
  return keys;
}
