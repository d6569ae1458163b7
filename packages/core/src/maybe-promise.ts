/**
 * Is a value that is there now, or a promise of it.
 *
 * Stores answer in this form: the in-memory store at once, a server later. Code that looks before it awaits keeps a
 * hit in memory free of a trip through the microtask queue.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Tells whether the value is still to come. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}
