import type { DocumentStore, Store } from '@keepstep/core';
import { describe, expect, it } from 'vitest';

import { KeepstepStore } from '../src/index.ts';
import { embedWords } from './item-model.ts';

type StateStore = Awaited<ReturnType<NonNullable<Store['state']>>>;

const ROUNDS = 60;
let runs = 0;

/**
 * Makes tests of two clients that work on the same items at once.
 *
 * @param stores returns two clients of the same data; on a store that is not shared, the same one twice
 */
export function bindItemClients(name: string, stores: () => readonly [Store, Store]): void {
  describe(`two clients ${name}`, () => {
    it('never see a batch in parts, and items never without the vectors they were put with', async () => {
      expect(await tornReads(...stores())).toBe(0);
    });

    it('see parts when the changes of a batch are several steps', async () => {
      const [one, other] = stores();
      expect(await tornReads(inSteps(one), other)).toBeGreaterThan(0);
    });

    it('keep when an item was made, and the last of two puts, whoever was first', async () => {
      runs += 1;
      const namespace = `times ${runs}`;
      const [one, other] = stores().map((store) => new KeepstepStore({ store, namespace })) as [
        KeepstepStore,
        KeepstepStore,
      ];
      await one.put(['a'], 'key', { n: -1 });
      const created = (await one.get(['a'], 'key'))?.createdAt;
      const puts = async (store: KeepstepStore, first: number): Promise<void> => {
        for (let n = first; n < 2 * ROUNDS; n += 2) {
          await store.put(['a'], 'key', { n });
          expect((await store.get(['a'], 'key'))?.createdAt).toEqual(created);
        }
      };
      await Promise.all([puts(one, 0), puts(other, 1)]);
      const last = (await one.get(['a'], 'key'))?.value['n'];
      expect([2 * ROUNDS - 2, 2 * ROUNDS - 1]).toContain(last);
      expect(await other.get(['a'], 'key')).toEqual(await one.get(['a'], 'key'));
    });
  });
}

/** Lets one client put pairs that belong together while another one reads, and counts the pairs that do not. */
async function tornReads(writing: Store, reading: Store): Promise<number> {
  runs += 1;
  const options = { namespace: `pairs ${runs}`, index: { dims: 2, embeddings: embedWords, fields: ['word'] } };
  const [writer, reader] = [
    new KeepstepStore({ ...options, store: writing }),
    new KeepstepStore({ ...options, store: reading }),
  ];
  const pair = async (n: number): Promise<void> => {
    const value = { n, word: n % 2 === 0 ? 'red' : 'far' };
    await writer.batch(['left', 'right'].map((key) => ({ namespace: ['pair'], key, value })));
  };
  await pair(0);
  let torn = 0;
  let written = 0;
  const isDone = (): boolean => written >= ROUNDS;
  const write = async (): Promise<void> => {
    for (; !isDone(); written += 1) await pair(written + 1);
  };
  const read = async (): Promise<void> => {
    do {
      const [left, right] = await reader.batch([
        { namespace: ['pair'], key: 'left' },
        { namespace: ['pair'], key: 'right' },
      ]);
      const found = await reader.search(['pair'], { query: 'red' });
      if (left?.value['n'] !== right?.value['n']) torn += 1;
      torn += found.filter(({ value, score }) => (value['word'] === 'red') !== (score ?? 0) > 0.9).length;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    } while (!isDone());
  };
  await Promise.all([write(), read()]);
  return torn;
}

/** Returns the same store, but every change of a call is a step of its own. */
function inSteps(store: Store): Store {
  const stepwise = (documents: DocumentStore): DocumentStore => ({
    read: (keys) => documents.read(keys),
    keys: (request) => documents.keys(request),
    clear: (operation) => documents.clear(operation),
    async apply(operation, changes) {
      const applied = [];
      for (const [place, change] of changes.entries()) {
        const result = await documents.apply(`${operation} ${place}`, [change]);
        if (result.kind === 'refused') return result;
        applied.push(...result.changes);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
      return { kind: 'applied', changes: applied };
    },
  });
  return {
    ...store,
    async state(namespace) {
      const state = (await store.state?.(namespace)) as StateStore;
      return new Proxy(state, {
        get: (target, member) =>
          member === 'documents'
            ? (space: string) => stepwise(target.documents(space))
            : (Reflect.get(target, member, target) as unknown),
      });
    },
  };
}
