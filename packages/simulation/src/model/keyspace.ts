import type { SortedSet } from './sorted-set.ts';
import type { StreamLog } from './stream-log.ts';

/** Is what a key holds: text, a hash, a list, a sorted set or a stream. */
export type Value = string | Map<string, string> | string[] | SortedSet | StreamLog;

interface Slot {
  value: Value;
  /** Is when the key is gone, in milliseconds since the epoch; Infinity when it stays. */
  expiresAt: number;
}

/** Holds the keys of a server. A key is gone as soon as its time is over, whoever asks. */
export class Keyspace {
  readonly #slots = new Map<string, Slot>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Lists the keys that are there. */
  get names(): string[] {
    return [...this.#slots.keys()].filter((name) => this.#slot(name) !== undefined);
  }

  /** Returns what a key holds. */
  get(name: string): Value | undefined {
    return this.#slot(name)?.value;
  }

  /** Sets what a key holds; it stays until `expiresAt`, by default for good. */
  set(name: string, value: Value, expiresAt = Infinity): void {
    this.#slots.set(name, { value, expiresAt });
  }

  /** Replaces what a key holds and leaves its time as it is. */
  replace(name: string, value: Value): void {
    const slot = this.#slot(name);
    if (slot === undefined) this.set(name, value);
    else slot.value = value;
  }

  /** Removes a key, and tells whether it was there. */
  delete(name: string): boolean {
    return this.#slot(name) !== undefined && this.#slots.delete(name);
  }

  /** Returns when a key is gone. */
  expiry(name: string): number | undefined {
    return this.#slot(name)?.expiresAt;
  }

  /** Sets when a key is gone, and tells whether it is there. */
  expire(name: string, expiresAt: number): boolean {
    const slot = this.#slot(name);
    if (slot === undefined) return false;
    if (expiresAt <= this.#now()) this.#slots.delete(name);
    else slot.expiresAt = expiresAt;
    return true;
  }

  /** Removes every key. */
  clear(): void {
    this.#slots.clear();
  }

  /** Returns keys of its own that hold the same. */
  copy(): Keyspace {
    const copy = new Keyspace(this.#now);
    for (const [name, { value, expiresAt }] of this.#slots) copy.set(name, copyOf(value), expiresAt);
    return copy;
  }

  #slot(name: string): Slot | undefined {
    const slot = this.#slots.get(name);
    if (slot === undefined || slot.expiresAt >= this.#now()) return slot;
    this.#slots.delete(name);
    return undefined;
  }
}

function copyOf(value: Value): Value {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return [...value];
  return value instanceof Map ? new Map(value) : value.copy();
}
