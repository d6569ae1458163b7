import KeyvValkey from '@keyv/valkey';
import { createCache } from 'async-cache-dedupe';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis';
import { Cacheable } from 'cacheable';
import type { ValkeyServer } from '@keepstep/test-servers';
import { Redis } from 'ioredis';
import { Keyv } from 'keyv';

import { TTL_MS } from '../contenders/contender.ts';
import { largeAnswer } from '../near-cache/tool.ts';
import type { SharedReader } from './shared-reader.ts';

/** Opens a cache of another library on a server. */
type OpenPeer = (server: ValkeyServer) => SharedReader;

const load = async (user: string): Promise<unknown> => largeAnswer(user);

/** Is bentocache with its Redis driver alone: every hit asks the server. */
const bentocacheRemote: OpenPeer = ({ host, port }) => {
  const store = bentostore().useL2Layer(redisDriver({ connection: { host, port } }));
  return bentocache('bentocache, Redis driver', 'nothing is proved', { get: 1 }, store);
};

/** Is bentocache as its documentation advises for several processes: memory, its Redis driver, and its bus. */
const bentocacheLayered: OpenPeer = ({ host, port }) => {
  const store = bentostore()
    .useL1Layer(memoryDriver({ maxItems: 10_000 }))
    .useL2Layer(redisDriver({ connection: { host, port } }))
    .useBus(redisBusDriver({ connection: { host, port } }));
  return bentocache('bentocache, memory, Redis driver and bus', 'a copy, nothing is proved', {}, store);
};

function bentocache(
  contender: string,
  note: string,
  commands: SharedReader['commands'],
  layers: ReturnType<typeof bentostore>,
): SharedReader {
  const bento = new BentoCache({ default: 'layers', stores: { layers }, ttl: TTL_MS, prefix: contender });
  const read = (user: string): Promise<unknown> => bento.getOrSet({ key: user, factory: () => load(user) });
  return {
    contender,
    package: 'bentocache',
    note,
    commands,
    read,
    fill: (users) => each(users, read),
    [Symbol.asyncDispose]: () => bento.disconnectAll(),
  };
}

/** Is async-cache-dedupe with its Redis storage, and references for invalidation. */
const asyncCacheDedupe: OpenPeer = ({ host, port }) => {
  const client = new Redis({ host, port });
  const cache = createCache({
    ttl: TTL_MS / 1000,
    storage: { type: 'redis', options: { client, invalidation: { referencesTTL: TTL_MS / 1000 } } },
  }).define('getCart', { references: (user: string) => [`cart:${user}`] }, load);
  const read = (user: string): Promise<unknown> => cache.getCart(user);
  return {
    contender: 'async-cache-dedupe, Redis storage',
    package: 'async-cache-dedupe',
    note: 'nothing is proved',
    commands: { get: 1 },
    read,
    fill: (users) => each(users, read),
    [Symbol.asyncDispose]: async () => client.disconnect(),
  };
};

/** Is keyv with its adapter for Valkey. It does not load: get and set are by hand. */
const keyv: OpenPeer = ({ host, port }) => {
  const store = new Keyv({ store: new KeyvValkey({ host, port }), ttl: TTL_MS, namespace: 'keyv' });
  return {
    contender: 'keyv, Valkey adapter',
    package: '@keyv/valkey',
    note: 'nothing is proved',
    commands: { get: 1 },
    read: (user) => store.get(user),
    fill: (users) => each(users, async (user) => store.set(user, await load(user))),
    [Symbol.asyncDispose]: () => store.disconnect(),
  };
};

/** Is cacheable with its memory before keyv's adapter for Valkey. */
const cacheable: OpenPeer = ({ host, port }) => {
  const secondary = new KeyvValkey({ host, port });
  const cache = new Cacheable({ secondary, ttl: TTL_MS });
  const read = (user: string): Promise<unknown> => cache.getOrSet(user, () => load(user));
  return {
    contender: 'cacheable, memory and Valkey adapter',
    package: 'cacheable',
    note: 'a copy, never told of changes',
    commands: {},
    read,
    fill: (users) => each(users, read),
    [Symbol.asyncDispose]: () => cache.disconnect(),
  };
};

/** Lists the other libraries that read from a server. */
export const peers: readonly OpenPeer[] = [bentocacheRemote, bentocacheLayered, asyncCacheDedupe, keyv, cacheable];

async function each(users: readonly string[], work: (user: string) => Promise<unknown>): Promise<void> {
  for (const user of users) await work(user);
}
