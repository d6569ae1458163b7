import { Redis } from 'iovalkey';
import { setTimeout as sleep } from 'node:timers/promises';

import { nameOf } from './stock.ts';

/**
 * Is the data behind the caches: a version number for each item, in a server of its own that nothing ever happens to.
 *
 * A load looks at the data at some moment, and some loads take long to return: writes come in between.
 */
export class Source {
  loads = 0;
  readonly #client: Redis;
  readonly #random: () => number;

  constructor(socketPath: string, random: () => number) {
    this.#client = new Redis({ path: socketPath });
    this.#random = random;
  }

  async load(shelf: string, item: string): Promise<number> {
    this.loads += 1;
    await sleep(this.#random() * 3);
    const version = Number(await this.#client.get(nameOf(shelf, item)));
    if (this.#random() < 0.3) await sleep(5 + this.#random() * 30);
    return version;
  }

  /** Changes items, all at once, and returns their new versions in the same order. */
  async change(names: readonly string[]): Promise<number[]> {
    const transaction = this.#client.multi();
    for (const name of names) transaction.incr(name);
    const replies = (await transaction.exec()) ?? [];
    return replies.map(([error, version]) => {
      if (error) throw error;
      return Number(version);
    });
  }

  close(): void {
    this.#client.disconnect();
  }
}
