import { describe, expect, it } from 'vitest';

import { manualClock } from '../../testing/manual-clock.ts';
import { ClockFeed, SessionFeed } from './clock-feed.ts';
import { KeyLayout } from './key-layout.ts';
import type { ValkeyClient } from './valkey-client.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

const FENCE = '2251799813685250';
const EPOCH = '4503599627370497';

/** Is a server that stands alone, as far as a feed can see: what its sorted sets hold, and answers that come when they are let go. */
function givenFeed() {
  const sets = new Map<string, Map<string, number>>();
  const held: (() => void)[] = [];
  const connection = {
    fence: FENCE,
    generation: 1,
    isHolding: false,
    async plain(_operation: string, send: (client: ValkeyClient) => Promise<unknown>) {
      const answer = await send(client);
      if (connection.isHolding) await new Promise<void>((resolve) => held.push(resolve));
      return answer;
    },
    /** Is the script `sync`, to one who knows no epoch yet. */
    async run(_script: unknown, _isRead: boolean, [key]: readonly [string]) {
      const part = (name: string): number => sets.get(key)?.get(name) ?? 0;
      const answer = [Buffer.from(String(part('\0e'))), part('\0s'), part('\0f'), []];
      if (connection.isHolding) await new Promise<void>((resolve) => held.push(resolve));
      return answer;
    },
  };
  const client = {
    zmscore: async (key: string, ...members: string[]) =>
      members.map((member) => sets.get(key)?.get(member)?.toString() ?? null),
    zrange: async (key: string, from: string) =>
      [...(sets.get(key) ?? [])]
        .filter(([, score]) => score > Number(from.slice(1)))
        .flatMap(([member, score]) => [member, String(score)]),
  } as unknown as ValkeyClient;
  const clock = manualClock();
  const layout = new KeyLayout('shop', 1);
  const [partition] = layout.partitions as [KeyLayout['partitions'][number]];
  const resets: string[] = [];
  const feed = new ClockFeed(connection as unknown as ValkeyConnection, partition, clock, (epoch) =>
    resets.push(epoch),
  );
  const set = (key: string, members: Record<string, number>): void =>
    void sets.set(key, new Map([...(sets.get(key) ?? []), ...Object.entries(members)]));
  set(partition.clock, { '\0e': Number(EPOCH), '\0r': Number(FENCE), '\0s': 5, '\0f': 1 });
  return { clock, connection, feed, held, layout, partition, resets, set, sets };
}

describe('a feed of a clock', () => {
  it('begins where the clock stands, and hears of what comes after', async () => {
    const { feed, partition, set } = givenFeed();
    expect(await feed.sync()).toMatchObject({ stands: true });
    const copy = { epoch: EPOCH, seq: 5, tags: ['cart'] };
    expect(feed.mirror.valid(copy)).toBe(true);
    set(partition.clock, { '\0s': 6, cart: 6 });
    expect(await feed.sync()).toMatchObject({ stands: true });
    expect(feed.mirror.valid(copy)).toBe(false);
  });

  it.each([
    ['made by another incarnation', { '\0r': Number(FENCE) + 1 }],
    ['of another epoch', { '\0e': Number(EPOCH) + 1 }],
  ])('judges nothing by a clock %s', async (_, members) => {
    const { feed, partition, resets, set } = givenFeed();
    await feed.sync();
    set(partition.clock, members);
    expect(await feed.sync()).toBeUndefined();
    expect(resets).toEqual([EPOCH]);
  });

  it('judges nothing when the clock is gone', async () => {
    const { feed, sets } = givenFeed();
    await feed.sync();
    sets.clear();
    expect(await feed.sync()).toBeUndefined();
    expect(await feed.sync()).toBeUndefined();
  });

  it('does not count an answer that belongs to an earlier connection', async () => {
    const { connection, feed, held } = givenFeed();
    await feed.sync();
    connection.isHolding = true;
    const asked = feed.sync();
    while (held.length === 0) await Promise.resolve();
    connection.generation = 2;
    held[0]?.();
    expect(await asked).toBeUndefined();
  });

  it('is fresh for a while after it was asked, not after it was answered', async () => {
    const { clock, connection, feed, held } = givenFeed();
    await feed.sync();
    expect(feed.isFresh(100)).toBe(true);
    await clock.advance(100);
    expect(feed.isFresh(100)).toBe(false);
    connection.isHolding = true;
    const asked = feed.sync();
    while (held.length === 0) await Promise.resolve();
    await clock.advance(60);
    held[0]?.();
    await asked;
    await clock.advance(39);
    expect(feed.isFresh(100)).toBe(true);
    await clock.advance(1);
    expect(feed.isFresh(100)).toBe(false);
  });

  it('is not fresh once the clock has been set back', async () => {
    const { clock, feed } = givenFeed();
    await feed.sync();
    clock.now = () => -1_000_000;
    expect(feed.isFresh(100)).toBe(false);
  });

  it('is not fresh any more when it begins anew: it may have missed an invalidation of this very process', async () => {
    const { feed } = givenFeed();
    await feed.sync();
    feed.mirror.reset();
    feed.mirror.invalidated(EPOCH, 6, ['cart']);
    feed.adopt(EPOCH, 5);
    expect(feed.isFresh(1_000)).toBe(false);
  });

  it.each([
    ['plain commands', FENCE],
    ['a script', ''],
  ])('judges nothing by an answer of %s that comes when the mirror has begun elsewhere', async (_, fence) => {
    const { connection, feed, held, partition, set } = givenFeed();
    connection.fence = fence;
    connection.isHolding = true;
    set(partition.clock, { '\0s': 7, cart: 7 });
    const asked = feed.sync();
    while (held.length === 0) await Promise.resolve();
    feed.adopt(EPOCH, 3);
    held[0]?.();
    expect(await asked).toBeUndefined();
    expect(feed.mirror.applied).toBe(3);
  });

  it('proves nothing any more once the mirror has begun anew at an older answer', async () => {
    const { feed, partition, set } = givenFeed();
    set(partition.clock, { '\0s': 7, cart: 7 });
    const proof = await feed.sync();
    expect(proof?.stands).toBe(true);
    feed.mirror.reset();
    expect(proof?.stands).toBe(false);
    // An answer that was sent before the invalidation: by this mirror, a copy from before it looks valid.
    feed.adopt(EPOCH, 3);
    expect(feed.mirror.valid({ epoch: EPOCH, seq: 3, tags: ['cart'] })).toBe(true);
    expect(proof?.stands).toBe(false);
  });

  it('judges nothing by what a question about an earlier mirror leaves out', async () => {
    const { connection, feed, held, partition, set } = givenFeed();
    set(partition.clock, { '\0s': 50 });
    await feed.sync();
    const later = String(Number(EPOCH) + 1);
    set(partition.clock, { '\0e': Number(later), '\0s': 7, cart: 7 });
    connection.isHolding = true;
    const asked = feed.sync();
    while (held.length === 0) await Promise.resolve();
    feed.adopt(later, 3);
    feed.adopt(later, 3);
    held[0]?.();
    expect(await asked).toBeUndefined();
    connection.isHolding = false;
    expect(await feed.sync()).toMatchObject({ stands: true });
    expect(feed.mirror.valid({ epoch: later, seq: 3, tags: ['cart'] })).toBe(false);
  });
});

describe('a feed of a session', () => {
  const SESSION = { id: 's1', opening: '4503599627370500' };

  function givenSession() {
    const given = givenFeed();
    const { connection, feed, layout, partition, set } = given;
    const key = layout.session(SESSION);
    set(key, { '\0o': Number(SESSION.opening), '\0c': Number(EPOCH) });
    const own = new SessionFeed(connection as unknown as ValkeyConnection, feed, partition, SESSION, key);
    return { ...given, key, own };
  }

  it('knows every tag of the session from the first question on', async () => {
    const { key, own, set } = givenSession();
    set(key, { cart: 4 });
    expect(await own.sync()).toMatchObject({ stands: true });
    const copy = (seq: number) => ({ epoch: own.epochOf(EPOCH), seq, tags: ['cart'] });
    expect([own.mirror.valid(copy(3)), own.mirror.valid(copy(4))]).toEqual([false, true]);
    set(key, { cart: 9 });
    expect(await own.sync()).toMatchObject({ stands: true });
    expect(own.mirror.valid(copy(4))).toBe(false);
  });

  it('proves nothing any more once either mirror has begun anew', async () => {
    const { feed, own } = givenSession();
    const proofs = [await own.sync(), await own.sync()];
    expect(proofs.map((proof) => proof?.stands)).toEqual([true, true]);
    feed.mirror.reset();
    expect(proofs.map((proof) => proof?.stands)).toEqual([false, false]);
    await feed.sync();
    const later = await own.sync();
    expect([proofs[1]?.stands, later?.stands]).toEqual([false, true]);
    own.mirror.reset();
    expect(later?.stands).toBe(false);
  });

  it.each([
    ['has ended', (members: Map<string, number>) => members.clear()],
    ['was opened again', (members: Map<string, number>) => void members.set('\0o', 4503599627370501)],
  ])('judges nothing of a session that %s', async (_, change) => {
    const { key, own, sets } = givenSession();
    await own.sync();
    change(sets.get(key) as Map<string, number>);
    expect(await own.sync()).toBeUndefined();
    expect(own.mirror.valid({ epoch: own.epochOf(EPOCH), seq: 9, tags: [] })).toBe(false);
  });

  it('forgets what another clock has numbered', async () => {
    const { key, own, set } = givenSession();
    await own.sync();
    set(key, { '\0c': Number(EPOCH) + 1 });
    expect(await own.sync()).toBeUndefined();
    expect(await own.sync()).toMatchObject({ stands: true });
    expect(own.mirror.valid({ epoch: own.epochOf(EPOCH), seq: 9, tags: [] })).toBe(false);
  });

  it('judges nothing by the second of two answers when the first has made it begin anew', async () => {
    const { connection, held, key, own, set } = givenSession();
    set(key, { basket: 50 });
    await own.sync();
    set(key, { '\0c': Number(EPOCH) + 1, cart: 7 });
    connection.isHolding = true;
    // Each asks about the partition, too.
    const first = own.sync();
    while (held.length < 2) await Promise.resolve();
    const second = own.sync();
    while (held.length < 4) await Promise.resolve();
    for (const answer of held) answer();
    expect(await Promise.all([first, second])).toEqual([undefined, undefined]);
  });
});
