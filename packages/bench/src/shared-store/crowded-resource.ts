import type { ValkeyServer } from '@keepstep/test-servers';

import type { Pace } from '../measure/pace.ts';
import { textAnswer } from '../near-cache/tool.ts';
import { rowsOf } from '../report/rows.ts';
import type { Row } from '../report/table.ts';
import { workOf, type ServerWork } from './command-count.ts';
import { keepstepShop } from './keepstep-shop.ts';

/** Names the row of the resource with very many entries. */
export const CROWDED = 'Keepstep cache.invalidate, very many entries';

/**
 * Measures the time that a server spends on invalidating a resource: of one entry, and of very many.
 *
 * The entries are copies of a real one, bytes and all, under other keys, which the server makes by itself.
 */
export async function crowdedResource(server: ValkeyServer, entries: number, pace: Pace): Promise<Row[]> {
  const few = await invalidations(server, 1, pace);
  const many = await invalidations(server, entries, pace);
  const [one, other] = [few, many].map((works) => JSON.stringify(works.map(({ commands }) => commands)));
  if (one !== other) throw new Error(`The number of entries has changed the commands: ${one}, then ${other}.`);
  const sent = Object.entries(few[0]?.commands ?? {}).map(([name, count]) => `${count} ${name}`);
  return rowsOf(
    [
      { contender: 'Keepstep cache.invalidate, one entry', package: '@keepstep/core', note: sent.join(', ') },
      { contender: CROWDED, package: '@keepstep/core', note: `${entries} entries, the same commands` },
    ],
    [few, many].map((works) => works.map(({ serverNs }) => serverNs)),
  );
}

async function invalidations(server: ValkeyServer, entries: number, pace: Pace): Promise<ServerWork[]> {
  await using shop = keepstepShop(server, { answer: textAnswer, maxCopies: 0 });
  const before = new Set(await entryKeys(server));
  await shop.read('user_1');
  if (!(await isHit(shop))) throw new Error('The entry to be copied is not there.');
  const entry = (await entryKeys(server)).find((key) => !before.has(key));
  for (let made = 1; made < entries; made += COPIES_A_SCRIPT) {
    const count = Math.min(COPIES_A_SCRIPT, entries - made);
    await server.command('EVAL', COPY, 1, entry as string, made, count);
  }
  const works: ServerWork[] = [];
  for (let round = 0; round < pace.rounds; round += 1) {
    works.push(await workOf(server, () => shop.cache.invalidate('cart')));
  }
  if (await isHit(shop)) throw new Error('The entry has outlived its invalidation.');
  shop.verify();
  return works;
}

async function isHit({ cache }: ReturnType<typeof keepstepShop>): Promise<boolean> {
  return (await cache.explain('get_cart', 'user_1')).status === 'hit';
}

async function entryKeys(server: ValkeyServer): Promise<string[]> {
  return (await server.command('KEYS', 'ks:{bench-*:e:*')) as string[];
}

const COPIES_A_SCRIPT = 10_000;

const COPY = `for each = ARGV[1], ARGV[1] + ARGV[2] - 1 do
  redis.call('COPY', KEYS[1], KEYS[1] .. each)
end`;
