import { createCache, createToolCache, type Cache, type Clock, type Store, type ToolCache } from '@keepstep/core';
import { createAgentState, type DataStore } from '@keepstep/core/state';

import type { VirtualTime } from '../time/virtual-time.ts';
import { Tools, type ToolWorld } from './tools.ts';

/** Says how a process uses the cache. */
export interface ProcessSettings {
  readonly name: string;
  /** Is the time for which other processes' invalidations may take effect late, in milliseconds; 0 is strict. */
  readonly maxStalenessMs: number;
  /** Is how far its clock is ahead of the true time, in milliseconds. */
  readonly skewMs: number;
}

/** Opens the store of a process. */
export type StoreOpener = (process: string, clock: Clock) => Store;

/** Names what must be acknowledged before anybody else is promised anything. */
const PROMISES = new Set(['openBarrier', 'closeBarrier', 'invalidate', 'endSession', 'openSession']);

/** Is one of several processes that share a store: a client, copies and tools of its own. */
export class SimulatedProcess {
  readonly name: string;
  readonly cache: ToolCache;
  readonly plain: Cache<string>;
  readonly tools: Tools;
  /** Holds counters that all processes count on. */
  readonly counters: DataStore;
  readonly store: Store;
  readonly settings: ProcessSettings;
  /** Lists the keys that it alone sets. */
  keys: readonly string[];
  /** Resolves when it is killed. */
  readonly death: Promise<void>;
  /** Says that it was killed: what it would still do, it does not. */
  isDead = false;
  /** Counts the failures of the store that leave it open whether others were told. */
  unacknowledged = 0;
  /** Counts the failures of the store of all kinds. */
  failures = 0;
  readonly #barriers = new Set<string>();
  readonly #die: () => void;

  constructor(settings: ProcessSettings, time: VirtualTime, open: StoreOpener, world: ToolWorld) {
    this.settings = settings;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.death = promise;
    this.#die = resolve;
    this.name = settings.name;
    this.keys = [`${this.name}-a`, `${this.name}-b`];
    const clock = skewedClock(time, settings.skewMs);
    this.store = open(this.name, clock);
    const { maxStalenessMs } = settings;
    this.cache = createToolCache({
      store: this.store,
      clock,
      namespace: 'shop',
      ttl: '20s',
      consistency: maxStalenessMs === 0 ? 'strict' : { maxStaleness: maxStalenessMs },
      onEvent: (event) => {
        if (event.type === 'store-error') {
          this.failures += 1;
          world.note(`${this.name}: the store failed to ${event.operation}: ${(event.error as Error).message}`);
          if (PROMISES.has(event.operation)) this.unacknowledged += 1;
        } else if (event.type === 'resources-invalidated' && event.cause === 'barrier') {
          this.#barriers.add(event.toolCallId ?? '');
        }
      },
    });
    this.plain = createCache<string>({ store: this.store, clock, name: 'plain', ttl: '20s' });
    this.counters = createAgentState({ store: this.store, clock }).data('counters');
    this.tools = new Tools(this, world);
  }

  /** Tells whether the barrier of a write has been opened; whether the store knows of it is another question. */
  hasBarrier(toolCallId: string): boolean {
    return this.#barriers.has(toolCallId);
  }

  /** Takes another key in place of one. */
  retire(key: string): void {
    this.keys = this.keys.map((each) => (each === key ? `${key}'` : each));
  }

  /** Lets it be dead. */
  die(): void {
    this.isDead = true;
    this.#die();
  }

  /** Lets go of everything. */
  async close(): Promise<void> {
    await this.cache.close();
    await this.plain.close();
    await this.store.close();
  }
}

function skewedClock(time: VirtualTime, skewMs: number): Clock {
  return {
    now: () => Math.floor(time.now) + skewMs,
    after(delayMs, callback) {
      return time.after(delayMs, callback);
    },
  };
}
