import assert from 'node:assert/strict';

import { findStaleReads } from '../history-checker.ts';
import { HistoryRecorder } from '../history-recorder.ts';
import { seededRandom } from '../seeded-random.ts';
import type { StoreCase } from '../store-case.ts';
import type { StoreClient } from '../store-client.ts';

const CART = { tags: ['cart'] };

/** Checks that every decision is one step, however many ask at once. */
export const concurrencyCases: readonly StoreCase[] = [
  {
    name: 'grants one lease to any number of readers who ask at once',
    async run({ both }) {
      for (let round = 0; round < 10; round += 1) {
        const key = `cart ${round}`;
        const asked = Array.from({ length: 40 }, (_, index) => (both[index % 2] as StoreClient).acquire(key, CART));
        const acquired = await Promise.all(asked);
        const leads = acquired.flatMap((one) => (one.kind === 'lead' ? [one.lease.id] : []));
        const followed = new Set(acquired.flatMap((one) => (one.kind === 'follow' ? [one.leaseId] : [])));
        assert.equal(leads.length, 1);
        assert.deepStrictEqual([...followed], leads);
      }
    },
  },
  {
    name: 'grants one lease to any number of readers who ask at once after an invalidation',
    async run({ a, both }) {
      const old = await a.lead('cart', CART);
      await both[1].entries.invalidate(['cart']);
      const asked = Array.from({ length: 40 }, (_, index) => (both[index % 2] as StoreClient).acquire('cart', CART));
      const leads = (await Promise.all(asked)).filter(({ kind }) => kind === 'lead');
      assert.equal(leads.length, 1);
      assert.equal(await old.commit('old'), 'invalidated');
    },
  },
  {
    name: 'leaves nothing stale when a commit and an invalidation meet',
    async run({ a, b, both }) {
      for (let round = 0; round < 40; round += 1) {
        const load = await a.lead('cart', CART);
        const meeting = [() => load.commit('old'), () => b.entries.invalidate(['cart'])];
        if (round % 2 === 0) meeting.reverse();
        await Promise.all(meeting.map(async (run) => run()));
        for (const client of both) await client.assertGone('cart', CART);
      }
    },
  },
  {
    name: 'leaves one of the values that were set at once, the same for everybody',
    async run({ both }) {
      const values = Array.from({ length: 20 }, (_, index) => index);
      await Promise.all(values.map((value) => (both[value % 2] as StoreClient).put('cart', value)));
      const found = await both[0].acquire('cart');
      assert.ok(found.kind === 'hit');
      const value = found.entry.snapshot.open() as number;
      assert.ok(values.includes(value));
      await both[1].assertHit('cart', value);
    },
  },
  {
    name: 'opens one session for any number of callers who open it at once',
    async run({ both }) {
      const opened = Array.from({ length: 20 }, (_, index) => (both[index % 2] as StoreClient).openSession('s1', 'u1'));
      assert.equal(new Set((await Promise.all(opened)).map(({ opening }) => opening)).size, 1);
    },
  },
  {
    name: 'serves nothing stale to readers and writers who all work at once',
    async run({ both }) {
      for (let seed = 1; seed <= 5; seed += 1) await assertNothingStale(both, seed);
    },
  },
];

/** Lets readers and writers of a few resources work at once, and checks what the readers saw. */
async function assertNothingStale(both: readonly [StoreClient, StoreClient], seed: number): Promise<void> {
  const random = seededRandom(seed);
  const source = new Map([0, 1, 2].map((index) => [`${seed} ${index}`, 1]));
  const resources = [...source.keys()];
  const history = new HistoryRecorder();
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const rest = async (): Promise<void> => {
    for (let steps = Math.floor(random() * 12); steps > 0; steps -= 1) await Promise.resolve();
  };
  const versionOf = (resource: string): number => source.get(resource) as number;

  async function read(): Promise<void> {
    const resource = pick(resources);
    const client = pick(both);
    const finish = history.startRead();
    const acquired = await client.acquire(resource, { reads: [[resource]] });
    if (acquired.kind === 'hit') finish(resource, acquired.entry.snapshot.open() as number);
    if (acquired.kind !== 'lead') return;
    await rest();
    const version = versionOf(resource);
    await rest();
    finish(resource, version);
    await client.commit(acquired.lease, version, { reads: [[resource]] });
  }

  async function write(): Promise<void> {
    const resource = pick(resources);
    const client = pick(both);
    const close = random() < 0.5 ? await client.openBarrier(`${seed} ${random()}`, [[resource]], 60_000) : undefined;
    const version = versionOf(resource) + 1;
    source.set(resource, version);
    await rest();
    await (close === undefined ? client.invalidate([[resource]]) : close());
    history.invalidated(resource, version);
  }

  async function work(): Promise<void> {
    for (let turn = 0; turn < 30; turn += 1) {
      await (random() < 0.75 ? read() : write());
      await rest();
    }
  }

  await Promise.all(Array.from({ length: 8 }, work));
  assert.deepStrictEqual(findStaleReads(history), [], `stale reads with seed ${seed}`);
  assert.ok(history.reads.length > 50 && history.invalidations.length > 10, 'too little happened to say anything');
}
