import type { ValkeyServer } from '@keepstep/test-servers';
import { Redis } from 'iovalkey';

import { argumentOf } from '../near-cache/argument.ts';
import { textAnswer } from '../near-cache/tool.ts';
import { rowsOf } from '../report/rows.ts';
import type { Row } from '../report/table.ts';
import { keepstepShop } from './keepstep-shop.ts';

/** Measures by how much the memory of a server grows for each entry, and for each resource that is invalidated. */
export async function serverMemory(server: ValkeyServer, entries: number): Promise<Row[]> {
  const users = Array.from({ length: entries }, (_, number) => argumentOf('text', number) as string);
  const growth = async (work: (user: string) => Promise<unknown>): Promise<number> => {
    await work('nobody');
    const before = Number(await server.info('used_memory'));
    for (let first = 0; first < entries; first += AT_ONCE) {
      await Promise.all(users.slice(first, first + AT_ONCE).map((user) => work(user)));
    }
    return (Number(await server.info('used_memory')) - before) / entries;
  };
  const client = new Redis({ host: server.host, port: server.port });
  const key = 'x'.repeat(43);
  const text = await growth((user) => client.set(key + user, JSON.stringify(textAnswer(user)), 'PX', 3_600_000));
  client.disconnect();
  await using shop = keepstepShop(server, { answer: textAnswer, maxCopies: 0, maxTags: entries * 10 });
  const stored = await growth(shop.read);
  const changed = await growth((user) => shop.cache.invalidate(['cart', user]));
  shop.verify();
  return rowsOf(
    [
      { contender: 'SET', package: 'iovalkey', note: 'the text under a key of 50 characters, with a ttl' },
      { contender: 'Keepstep entry', package: '@keepstep/core', note: 'key, tags, times and value' },
      { contender: 'Keepstep invalidated resource', package: '@keepstep/core', note: 'a path of two parts' },
    ],
    [[text], [stored], [changed]],
  );
}

/** Is how many requests are under way together. */
const AT_ONCE = 100;
