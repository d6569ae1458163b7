import type { ValkeyServer } from '@keepstep/test-servers';

import { keepstepShop, type ShopOptions } from './keepstep-shop.ts';
import type { SharedReader } from './shared-reader.ts';

/** Names the rows that verdicts are about. */
export const ROW = {
  plain: 'Keepstep cache.read, without copies',
  strict: 'Keepstep cache.read, strict',
  frozen: 'Keepstep cache.read, strict, frozen',
  bounded: 'Keepstep cache.read, maxStaleness 1m',
} as const;

/** Lists the ways into Keepstep on a server that stands alone. */
export function keepstepReaders(server: ValkeyServer): SharedReader[] {
  return [
    reader(server, ROW.plain, 'read from the server, proved valid', { pttl: 1, get: 1, zmscore: 1 }, { maxCopies: 0 }),
    reader(server, ROW.strict, 'a copy in the process, proved valid', { zrange: 1 }, {}),
    reader(server, ROW.frozen, 'one frozen object for all readers', { zrange: 1 }, { isolation: 'freeze' }),
    reader(server, ROW.bounded, 'a copy in the process', {}, { consistency: { maxStaleness: '1m' } }),
  ];
}

/** Lists the ways into Keepstep on a server with a replica, where only a script can prove which server answers. */
export function keepstepScriptReaders(server: ValkeyServer): SharedReader[] {
  return [
    reader(server, ROW.plain, 'one script', { evalsha: 1 }, { maxCopies: 0 }),
    reader(server, ROW.strict, 'one script, which serves all reads of one turn', { evalsha: 1 }, {}),
    reader(server, ROW.bounded, 'a copy in the process', {}, { consistency: { maxStaleness: '1m' } }),
  ];
}

function reader(
  server: ValkeyServer,
  contender: string,
  note: string,
  commands: SharedReader['commands'],
  options: ShopOptions,
): SharedReader {
  const shop = keepstepShop(server, options);
  return {
    contender,
    package: '@keepstep/core',
    note,
    commands,
    read: shop.read,
    async fill(users) {
      for (const user of users) await shop.read(user);
      // A result is stored behind its caller, on the connection that the second round is sent on.
      for (const user of users) await shop.read(user);
      const { upstreamCalls } = shop.cache.metrics();
      if (upstreamCalls !== users.length) throw new Error(`${contender}: ${upstreamCalls} loads of ${users.length}.`);
    },
    async [Symbol.asyncDispose]() {
      shop.verify();
      await shop[Symbol.asyncDispose]();
    },
  };
}
