import { cacheKey } from '../codec/cache-key.ts';

const MAX_KEYS = 2048;
const MAX_LENGTH = 256;

/**
 * Remembers the finished keys of recent calls with one text as their argument, the commonest call there is.
 *
 * Joining prefix and argument takes little; but the engine then has to hash the new text before it can look it up, and
 * that was nearly half of a hit. A text that has been looked up before knows its hash.
 */
export class RecentKeys {
  readonly prefix: string;
  readonly #keys = new Map<string, string>();

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** @param encode returns the encoded arguments, where the key is not remembered */
  key(args: readonly unknown[], encode: (args: readonly unknown[]) => string): string {
    const text = args.length === 1 ? args[0] : undefined;
    if (typeof text !== 'string' || text.length > MAX_LENGTH) return cacheKey(this.prefix, encode(args));
    let key = this.#keys.get(text);
    if (key === undefined) {
      key = cacheKey(this.prefix, encode(args));
      if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
      this.#keys.set(text, key);
    }
    return key;
  }
}
