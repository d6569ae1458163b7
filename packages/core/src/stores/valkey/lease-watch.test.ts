import { describe, expect, it } from 'vitest';

import { manualClock } from '../../testing/manual-clock.ts';
import type { EntrySlot } from './key-layout.ts';
import { LeaseWatch } from './lease-watch.ts';
import type { ValkeyClient } from './valkey-client.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

/** Is a connection that answers what the lease holds, or fails. */
function watching(held: () => string | null) {
  const clock = manualClock();
  const looks: number[] = [];
  const connection = {
    plain: async () => {
      looks.push(clock.now());
      return held();
    },
  } as unknown as ValkeyConnection;
  return { clock, looks, watch: new LeaseWatch(connection, clock) };
}

/** Is a connection to as many leases as there are. */
function watchingMany(held: ReadonlyMap<string, string>) {
  const clock = manualClock();
  const looks: number[] = [];
  const connection = {
    plain: async (_: string, send: (client: ValkeyClient) => Promise<string | null>) => {
      looks.push(clock.now());
      return send({ get: async (key: string) => held.get(key) ?? null } as unknown as ValkeyClient);
    },
  } as unknown as ValkeyConnection;
  return { clock, looks, watch: new LeaseWatch(connection, clock) };
}

const SLOT = { lease: 'lease' } as EntrySlot;

describe('those who wait for a load elsewhere', () => {
  it('go on when they are told, all who wait for the same at once', async () => {
    const { watch } = watching(() => 'token 1 1 ');
    const waits = [watch.settled(SLOT, 'token', 5_000), watch.settled(SLOT, 'token', 5_000)];
    watch.end('token');
    await expect(Promise.all(waits)).resolves.toBeDefined();
  });

  it.each([
    ['is gone', null],
    ["is somebody else's", 'other 1 1 '],
  ])('go on when they look and the lease %s', async (_, text) => {
    let held: string | null = 'token 1 1 ';
    const { clock, watch } = watching(() => held);
    let isOver = false;
    void watch.settled(SLOT, 'token', 5_000).then(() => (isOver = true));
    await clock.advance(300);
    expect(isOver).toBe(false);
    held = text;
    await clock.advance(100);
    expect(isOver).toBe(true);
  });

  it('go on when nobody can say, and when the time of the lease is over, looking ever less often until then', async () => {
    const failing = watching(() => {
      throw new Error('down');
    });
    const failed = failing.watch.settled(SLOT, 'token', 5_000);
    await failing.clock.advance(10);
    await failed;

    const { clock, watch, looks } = watching(() => 'token 1 1 ');
    const begun = clock.now();
    const over = watch.settled(SLOT, 'token', 1_000);
    await clock.advance(1_000);
    await over;
    expect(looks.length).toBeLessThan(30);
    expect((looks[1] as number) - begun).toBeLessThan(20);
  });

  it('look the less often the more they are, and go on all the same', async () => {
    const tokens = Array.from({ length: 1_000 }, (_, each) => `token${each}`);
    const text = new Map<string, string>();
    const many = watchingMany(text);
    const waits = tokens.map((token) => {
      text.set(token, `${token} 1 1 `);
      return many.watch.settled({ lease: token } as EntrySlot, token, 60_000);
    });
    await many.clock.advance(2_000);
    many.looks.length = 0;
    await many.clock.advance(2_000);
    expect(many.looks.length).toBeGreaterThan(1_000);
    expect(many.looks.length).toBeLessThan(6_000);
    text.clear();
    await many.clock.advance(2_000);
    await Promise.all(waits);
  });

  it('go on when the store is closed', async () => {
    const { watch } = watching(() => 'token 1 1 ');
    const wait = watch.settled(SLOT, 'token', 5_000);
    watch.close();
    await expect(wait).resolves.toBeUndefined();
  });
});
