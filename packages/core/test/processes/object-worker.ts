import type { Store } from '../../src/index.ts';
import { createAgentState, type DataStore } from '../../src/state/index.ts';
import type { StateStore } from '../../src/store/state-store.ts';
import type { Append, Count, ListAnswer, Locking, Swap } from '../state-models.ts';

/** Names what several processes do to one object. */
export type ObjectKind = 'increments' | 'appends' | 'updates' | 'changes by version' | 'locks';

/** Carries out an operation and writes it down; undefined where it had no answer. */
export type Recorder = <Output>(input: object, operation: () => Promise<Output>) => Promise<Output | undefined>;

/** Does something to an object, once. */
export type Turn = (record: Recorder, random: () => number, name: string) => Promise<unknown>;

/** Prepares what a process does to an object of this kind, turn by turn. */
export async function objectTurns(store: Store, kind: ObjectKind, object: string): Promise<Turn> {
  const data = createAgentState({ store }).data();
  switch (kind) {
    case 'increments':
      return async (record, random) => {
        if (random() < 0.3) return record<number>({ add: 0 } satisfies Count, () => data.get(object, 0));
        const add = 1 + Math.floor(random() * 3);
        return record<number>({ add } satisfies Count, () => data.increment(object, add));
      };
    case 'appends':
      return listing(data, object, (item) => data.append(object, item));
    case 'updates':
      return listing(data, object, (item) => data.update<readonly string[]>(object, (items = []) => [...items, item]));
    case 'changes by version':
      return swapping(data, object);
    case 'locks':
      return locking((await store.state?.('default')) as StateStore, object);
    default:
      return kind satisfies never;
  }
}

function listing(data: DataStore, object: string, append: (item: string) => Promise<ListAnswer>): Turn {
  return (record, random, name) =>
    random() < 0.3
      ? record<ListAnswer>({ item: undefined } satisfies Append, () => data.get<readonly string[]>(object, []))
      : record<ListAnswer>({ item: name } satisfies Append, () => append(name));
}

function swapping(data: DataStore, object: string): Turn {
  let known: { readonly value: string; readonly version: number } | undefined;
  return async (record, random, name) => {
    const basis = known;
    if (basis === undefined || random() < 0.4) {
      let version = 0;
      const value = await record<string>({ read: true } satisfies Swap, async () => {
        const entry = await data.entry<string>(object);
        version = entry?.version ?? 0;
        return entry?.value ?? 'none';
      });
      if (value !== undefined) known = { value, version };
      return;
    }
    await record<string>({ from: basis.value, to: name } satisfies Swap, async () => {
      try {
        known = { value: name, version: await data.set(object, name, { ifVersion: basis.version }) };
        return 'swapped';
      } catch (error) {
        if ((error as { code?: string }).code === 'version_conflict') return 'conflict';
        throw error;
      }
    });
  };
}

/** Takes and frees a lock, also one that it may not hold: whoever has lost a lock does not always know. */
function locking({ locks }: StateStore, object: string): Turn {
  return async (record, random, name) => {
    const taken = await record<number | boolean>({ kind: 'take', token: name } satisfies Locking, async () => {
      const result = await locks.acquire({ name: object, owner: name, token: name, ttlMs: 60_000 });
      return result.kind === 'acquired' ? result.fence : false;
    });
    if (taken === false && random() < 0.5) return;
    await record<number | boolean>({ kind: 'free', token: name } satisfies Locking, async () =>
      locks.release(object, name),
    );
  };
}
