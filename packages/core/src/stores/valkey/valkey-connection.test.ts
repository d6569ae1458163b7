import { describe, expect, it } from 'vitest';

import { manualClock } from '../../testing/manual-clock.ts';
import type { ValkeyClient } from './valkey-client.ts';
import { ValkeyConnection } from './valkey-connection.ts';

/** Is a connection whose other end swallows everything, though it looks well: a half-open one. */
function swallowed() {
  const clock = manualClock();
  const reconnects: boolean[] = [];
  const never = new Promise<never>(() => undefined);
  const client = {
    status: 'ready',
    on: () => undefined,
    off: () => undefined,
    info: () => never,
    get: () => never,
    disconnect: (again = false) => reconnects.push(again),
  } as unknown as ValkeyClient;
  const connection = new ValkeyConnection({ open: async () => client, isOwn: true, clock, budgetMs: 100 });
  const ask = () => connection.plain('get', (each) => each.get('key'));
  return { clock, reconnects, connection, ask };
}

describe('a connection that swallows the first question already', () => {
  it('keeps nobody waiting beyond the budget, and is given up for a new one', async () => {
    const { clock, reconnects, ask } = swallowed();
    for (let failures = 0; failures < 5; failures += 1) {
      const [answer] = await Promise.allSettled([ask(), clock.advance(100)]);
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'store_timeout' } });
    }
    expect(reconnects).toEqual([true]);
    await expect(ask()).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  it('is asked again for its incarnation by whoever comes after the budget', async () => {
    const { clock, connection, ask } = swallowed();
    await Promise.allSettled([ask(), clock.advance(100)]);
    await clock.advance(1);
    const later = Promise.allSettled([ask()]);
    await clock.advance(100);
    expect((await later)[0]).toMatchObject({ reason: { code: 'store_timeout' } });
    connection.close();
    await expect(ask()).rejects.toThrow('The store is closed.');
  });
});
