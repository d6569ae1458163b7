import { join } from 'node:path';
import { startProxy, startValkey } from '@keepstep/test-servers';
import { describe, expect, it, onTestFinished } from 'vitest';

import { createToolCache, type Store } from '../src/index.ts';
import { sqliteStore } from '../src/stores/sqlite/index.ts';
import { valkeyStore } from '../src/stores/valkey/index.ts';
import { scratchFolder } from './scratch-folder.ts';

const GLOBAL = { scope: 'global' } as const;

/** Is where the data is: opens stores on it, and keeps the messages of one process from the others. */
interface Data {
  open(): Store;
  loseMessages(): void;
}

const places: readonly [string, () => Promise<Data>][] = [
  [
    'a file',
    async () => {
      const path = join(scratchFolder(), 'agent.db');
      return { open: () => sqliteStore({ path }), loseMessages: () => undefined };
    },
  ],
  [
    'a server whose messages get lost',
    async () => {
      const server = await startValkey({});
      const proxy = await startProxy(server, Math.random);
      onTestFinished(async () => {
        await proxy.stop();
        await server.stop();
      });
      return { open: () => valkeyStore({ url: proxy.url }), loseMessages: () => proxy.muteSubscribers() };
    },
  ],
];

/** Is a shop whose quotes are made of its prices: one process of it may see prices that are a minute old. */
async function givenShop(place: () => Promise<Data>) {
  const { open, loseMessages } = await place();
  const shared = { price: 10 };
  const process = (consistency: 'strict' | { maxStaleness: '1m' }) => {
    const store = open();
    const cache = createToolCache({ store, consistency });
    onTestFinished(async () => {
      await cache.close();
      await store.close();
    });
    const getPrice = cache.read(async () => shared.price, { name: 'get_price', ...GLOBAL, resource: 'price' });
    const getQuote = cache.read(async () => `costs ${await getPrice()}`, { name: 'get_quote', ...GLOBAL });
    return { cache, getPrice, getQuote };
  };
  const [patient, strict] = [process({ maxStaleness: '1m' }), process('strict')];
  const change = async (price: number) => {
    loseMessages();
    shared.price = price;
    await strict.cache.invalidate('price');
  };
  return { change, patient, strict };
}

describe.each(places)('copies that may be a minute old, of %s', (_, place) => {
  it('are served to who asks for them', async () => {
    const { change, patient, strict } = await givenShop(place);
    for (let times = 1; times <= 3; times += 1) expect(await patient.getPrice()).toBe(10);
    await change(12);
    expect([await patient.getPrice(), await strict.getPrice()]).toEqual([10, 12]);
  });

  it('become no part of another result, which everybody would see for as long as it lives', async () => {
    const { change, patient, strict } = await givenShop(place);
    for (let times = 1; times <= 3; times += 1) expect(await patient.getPrice()).toBe(10);
    await change(12);
    expect(await patient.getQuote()).toBe('costs 12');
    expect(await strict.getQuote()).toBe('costs 12');
    expect(strict.cache.metrics()).toMatchObject({ hits: 1 });
  });
});
