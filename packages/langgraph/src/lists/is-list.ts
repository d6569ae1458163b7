/**
 * Tells whether a value is stored as a list: an array of the plain kind, without gaps and with no keys but its places, of
 * elements that can be serialised by themselves. Serialisers turn functions and symbols into something else, or refuse them, by
 * what is around them.
 */
export function isList(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value) || Object.getPrototypeOf(value) !== Array.prototype) return false;
  if (value.length > MAX_LENGTH || Object.keys(value).length !== value.length) return false;
  for (const element of value as readonly unknown[]) {
    if (typeof element === 'function' || typeof element === 'symbol') return false;
  }
  return true;
}

/** Is the length of the longest list that is stored in pieces; a longer one is stored whole. */
const MAX_LENGTH = 100_000;
