import type { ToolCache } from '@keepstep/core';

import type { Chance } from '../chance.ts';
import { BARRIER_MS } from '../oracles/barrier-promises.ts';
import type { FlightOracle } from '../oracles/flight-oracle.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import { itemOfSession, itemsOf, pathOf } from './data.ts';
import { ToolFailure, type Loaded } from './loaded.ts';
import type { Item, Source } from './source.ts';

/** Is the time for which what is known of a group is fresh, in milliseconds. */
export const GROUP_TTL_MS = 1_000;

/** Is the world that tools live in. */
export interface ToolWorld {
  readonly time: VirtualTime;
  readonly source: Source;
  readonly chance: Chance;
  readonly flights: FlightOracle;
  /** Returns the probability that a load, or a write that has taken effect, ends in an error. */
  readonly failures: () => number;
  /** Is the probability that a load or a write takes long. */
  readonly slowness: number;
  /** Takes down what happens, for people. */
  readonly note: (text: string) => void;
}

/** Is the process that tools belong to. */
export interface ToolOwner {
  readonly cache: ToolCache;
  /** Says that it was killed. */
  readonly isDead: boolean;
}

/** Are the tools of one process: they read the versions of items, slowly, and change them. */
export class Tools {
  readonly #process: ToolOwner;
  readonly #world: ToolWorld;

  constructor(process: ToolOwner, world: ToolWorld) {
    this.#process = process;
    this.#world = world;
    const { cache } = process;
    const options = { scope: 'global' } as const;
    this.readItem = cache.read((item: Item) => this.load(`item ${item}`, [item]), {
      ...options,
      name: 'read_item',
      resource: pathOf,
    });
    this.readGroup = cache.read((group: number) => this.load(`group ${group}`, itemsOf(group)), {
      ...options,
      name: 'read_group',
      resource: (group) => ['shop', `g${group}`],
      ttl: GROUP_TTL_MS,
    });
    this.readPair = cache.read((one: Item, other: Item) => this.#pair(one, other), {
      ...options,
      name: 'read_pair',
      resource: [],
    });
    this.readNewest = cache.read((group: number) => this.#newest(group), {
      ...options,
      name: 'read_newest',
      resultResource: (result: Loaded) => Object.keys(result.versions).map(pathOf),
    });
    this.readMine = cache.read((session: string, item: Item) => this.loadMine(session, item), {
      scope: 'session',
      name: 'read_mine',
      resource: (_, item) => pathOf(item),
    });
    this.readOfUser = cache.read((user: string, item: Item) => this.load(`${user} ${item}`, [item], user), {
      scope: 'user',
      name: 'read_of_user',
      key: (_, item) => item,
      resource: (_, item) => pathOf(item),
    });
    this.writeItem = cache.write(
      (items: readonly Item[], done: (version: Loaded['versions']) => void) => this.change(items, done),
      {
        ...options,
        name: 'write_item',
        invalidates: (items) => items.map(pathOf),
        barrier: { maxDuration: BARRIER_MS },
      },
    );
    this.writeGroup = cache.write(
      (group: number, done: (version: Loaded['versions']) => void) => this.change(itemsOf(group), done),
      {
        ...options,
        name: 'write_group',
        invalidates: (group) => ['shop', `g${group}`],
        barrier: { maxDuration: BARRIER_MS },
      },
    );
    this.writeBare = cache.write(
      (items: readonly Item[], done: (version: Loaded['versions']) => void) => this.change(items, done),
      {
        ...options,
        name: 'write_bare',
        invalidates: (items) => items.map(pathOf),
        barrier: false,
      },
    );
    this.writeMine = cache.write(
      (session: string, item: Item, done: (version: Loaded['versions']) => void) =>
        this.change([itemOfSession(session, item)], done),
      {
        scope: 'session',
        name: 'write_mine',
        invalidates: (_, item) => pathOf(item),
        barrier: { maxDuration: BARRIER_MS },
      },
    );
  }

  readonly readItem;
  readonly readGroup;
  readonly readPair;
  readonly readNewest;
  readonly readMine;
  readonly readOfUser;
  readonly writeItem;
  readonly writeGroup;
  readonly writeBare;
  readonly writeMine;

  /** Reads items from the source: some time before, and often some time after the moment that counts. */
  async load(call: string, items: readonly Item[], owner = 'all'): Promise<Loaded> {
    const { source, chance, flights, failures, slowness } = this.#world;
    // For a session that another process has ended, whoever still works for it loads past the cache.
    const finish = flights.startLoad(call, items, owner.startsWith('s'));
    try {
      await this.#sleep(chance.between(0, 3));
      const versions = Object.fromEntries(items.map((item) => [item, source.read(item)]));
      const at = this.#world.time.now;
      if (chance.happens(0.3)) await this.#sleep(chance.between(5, 35));
      if (chance.happens(slowness)) await this.#sleep(chance.between(50, 700));
      if (chance.happens(failures())) throw new ToolFailure('the source is not in the mood');
      const padding = chance.happens(0.02) ? { padding: 'x'.repeat(chance.below(60_000)) } : {};
      return { versions, owner, at, ...padding };
    } finally {
      finish();
    }
  }

  /** Reads an item, and what the session has made of it. */
  async loadMine(session: string, item: Item): Promise<Loaded> {
    return this.load(`${session} ${item}`, [item, itemOfSession(session, item), session], session);
  }

  /** Changes items, at one moment between a beginning and an end; what it changed is done, whether it fails or not. */
  async change(items: readonly Item[], done: (versions: Loaded['versions']) => void): Promise<void> {
    const { source, chance, failures, slowness } = this.#world;
    await this.#sleep(chance.between(0, 4));
    if (chance.happens(slowness)) await this.#sleep(chance.between(50, 600));
    // A process that was killed has no more effects, and nobody hears from it again.
    if (this.#process.isDead) return new Promise(() => undefined);
    done(Object.fromEntries(items.map((item) => [item, source.change(item)])));
    await this.#sleep(chance.between(0, 10));
    if (chance.happens(slowness)) await this.#sleep(chance.between(20, 200));
    if (chance.happens(failures())) throw new ToolFailure('the source has done it, and does not say so');
  }

  async #pair(one: Item, other: Item): Promise<Loaded> {
    const [first, second] = await Promise.all([this.readItem(one), this.readItem(other)]);
    await this.#sleep(this.#world.chance.between(0, 8));
    return { versions: { ...first.versions, ...second.versions }, owner: 'all', at: Math.min(first.at, second.at) };
  }

  /** Reads the item of a group that has changed most often: which one that is, only the result tells. */
  async #newest(group: number): Promise<Loaded> {
    const { source } = this.#world;
    const newest = itemsOf(group).reduce((one, other) => (source.read(other) > source.read(one) ? other : one));
    return this.load(`newest ${group} ${newest}`, [newest]);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#world.time.after(ms, resolve));
  }
}
