import { stripVTControlCharacters } from 'node:util';
import { createToolCache, memoryStore } from '@keepstep/core';
import { expect, it } from 'vitest';

import { Upstream } from '../apis/upstream.ts';
import { SimulatedClock } from '../time/simulated-clock.ts';
import { Account } from './account.ts';
import { closingLines } from './closing-lines.ts';

it('sums up what was asked, what it cost and what it saved', async () => {
  const clock = new SimulatedClock(0);
  const cache = createToolCache({ store: memoryStore({ clock }), clock });
  const account = new Account(cache, clock, () => undefined);
  const upstream = new Upstream('inventory', clock);
  const read = cache.read(() => upstream.request('get stock', 80, () => 12), {
    name: 'check_stock',
    resource: 'stock',
  });

  for (const [id, reads] of [
    ['first', 3],
    ['second', 2],
    ['first', 1],
  ] as const) {
    await cache.session({ id }, async (session) => {
      for (let count = 0; count < reads; count += 1) {
        const call = { toolCallId: `call_${count}`, toolName: 'check_stock', input: {} };
        account.asked(session, call);
        await read.with({ session, toolCallId: call.toolCallId })();
        account.answered(session, call, undefined);
      }
    });
  }
  await cache.invalidate('stock', ['order', 'ORD-1']);
  await cache.invalidate('stock');

  expect(closingLines(account, [upstream]).map(stripVTControlCharacters)).toEqual([
    'In all',
    '  tool calls the models asked for           6',
    '  calls of the APIs behind them             3   the APIs counted: inventory 3',
    '  answered by the cache instead             3   3 hits',
    '  time saved by hits                   240 ms',
    '  invalidations                             2   stock x2, order/ORD-1',
    '  loops stopped                             0',
    '  hit rate of session first              67 %   2 hits, 1 miss',
    '  hit rate of session second             50 %   1 hit, 1 miss',
    '  hit rate of session first, again        0 %   1 miss',
  ]);
});
