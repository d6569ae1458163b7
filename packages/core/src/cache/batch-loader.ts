import type { Clock } from '../clock.ts';
import { CallFrame } from '../session/call-frame.ts';

/**
 * Loads several keys in one call: either a list of values in the order of the keys (an `Error` in it fails that key
 * alone), or a map of those that exist.
 */
export type LoadMany<Key, Value> = (
  keys: readonly Key[],
) => Promise<readonly (Value | Error)[] | ReadonlyMap<Key, Value>>;

interface Waiting<Key> {
  readonly key: Key;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Is one call of `loadMany` in the making. */
interface Batch<Key> {
  readonly waiting: Waiting<Key>[];
  /** Is the call on the stack of calls: a part of each of the loads that wait for it. */
  readonly frame: CallFrame;
  readonly cancel: () => void;
}

/** Groups the keys that are asked for within a short window into one call of `loadMany`. */
export class BatchLoader<Key, Value> {
  readonly #loadMany: (keys: readonly Key[], frame: CallFrame) => ReturnType<LoadMany<Key, Value>>;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #maxKeys: number;
  #open: Batch<Key> | undefined;

  /** @param loadMany runs the load so that calls inside it find the frame */
  constructor(
    loadMany: (keys: readonly Key[], frame: CallFrame) => ReturnType<LoadMany<Key, Value>>,
    clock: Clock,
    windowMs: number,
    maxKeys: number,
  ) {
    this.#loadMany = loadMany;
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#maxKeys = maxKeys;
  }

  /**
   * Loads one key, together with the others of its window; the window closes early when it is full.
   *
   * @param frame is the load of this key: it comes to depend on all that the batch reads
   */
  async load(key: Key, frame: CallFrame): Promise<Value | undefined> {
    const batch = (this.#open ??= this.#start(frame.toolName));
    batch.frame.keys.push(...frame.keys);
    frame.blocker?.blockedOn.push(batch.frame.blocker!);
    try {
      return await new Promise((resolve, reject) => {
        batch.waiting.push({ key, resolve, reject });
        if (batch.waiting.length >= this.#maxKeys) void this.#run(batch);
      });
    } finally {
      frame.absorbCall(batch.frame);
    }
  }

  #start(name: string): Batch<Key> {
    const frame = new CallFrame('', name, undefined, { blockedOn: [] });
    const batch: Batch<Key> = {
      waiting: [],
      frame,
      cancel: this.#clock.after(this.#windowMs, () => void this.#run(batch), true),
    };
    return batch;
  }

  async #run(batch: Batch<Key>): Promise<void> {
    batch.cancel();
    this.#open = undefined;
    try {
      const keys = batch.waiting.map(({ key }) => key);
      const loaded = await this.#loadMany(keys, batch.frame);
      if (!(loaded instanceof Map) && !(Array.isArray(loaded) && loaded.length === keys.length)) {
        throw new TypeError(
          `loadMany must return a Map, or an array of ${keys.length} values, one for each key in order`,
        );
      }
      batch.waiting.forEach(({ key, resolve, reject }, index) => {
        const value: unknown = loaded instanceof Map ? loaded.get(key) : (loaded as readonly unknown[])[index];
        if (value instanceof Error) reject(value);
        else resolve(value as never);
      });
    } catch (error) {
      for (const { reject } of batch.waiting) reject(error);
    }
  }
}
