import { describe, expect, it } from 'vitest';

import { memoryStore, type Store } from '../src/index.ts';
import { createAgentState, type DataStore } from '../src/state/index.ts';
import {
  checkLinearizability,
  faultyStore,
  manualClock,
  seededRandom,
  type Linearizability,
  type SequentialModel,
} from '../src/testing/index.ts';
import {
  readModifyWrite,
  releaseWithoutOwner,
  repeatOperations,
  withBrokenState,
  type StateSabotage,
} from '../src/testing/state-sabotage.ts';
import type { StateStore } from '../src/store/state-store.ts';
import { OperationHistory } from './operation-history.ts';

const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);
const PROCESSES = 6;
const OPERATIONS = 20;

type Break = (store: Store) => Store;
const sound: Break = (store) => store;
const broken =
  (breakState: StateSabotage['breakState']): Break =>
  (store) =>
    withBrokenState(store, { breakState });

/** Opens a store whose answers take their time, overtake each other and get lost. */
function givenStore(seed: number, change: Break): Store {
  const store = faultyStore(memoryStore({ clock: manualClock(1_700_000_000_000) }), { async: true, seed });
  store.inject({ kind: 'lose-reply', rate: 0.2 });
  store.inject({ kind: 'reject', rate: 0.1 });
  return change(store);
}

/** Lets several processes do something to one object at once, and tells whether it can be explained. */
async function verdictOf<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  seed: number,
  turn: (
    history: OperationHistory<Input, Output>,
    process: number,
    random: () => number,
    turn: number,
  ) => Promise<unknown>,
): Promise<Linearizability> {
  const history = new OperationHistory<Input, Output>();
  const random = seededRandom(seed * 7_919);
  await Promise.all(
    Array.from({ length: PROCESSES }, async (_, process) => {
      for (let index = 0; index < OPERATIONS; index += 1) await turn(history, process, random, index);
    }),
  );
  expect(history.records.length, `seed ${seed}`).toBeGreaterThan((PROCESSES * OPERATIONS) / 2);
  return checkLinearizability(model, history.records);
}

/** Runs a story under every seed and lists the seeds by verdict. */
async function verdicts(story: (seed: number) => Promise<Linearizability>): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  for (const seed of SEEDS) (found[await story(seed)] ??= []).push(seed);
  return found;
}

type Count = { readonly add: number };
const counter: SequentialModel<number, Count, number> = {
  initial: 0,
  step: (sum, { add }, output) => (output === undefined || output === sum + add ? { state: sum + add } : undefined),
  spell: String,
};

const counting = (change: Break) => (seed: number) => {
  const data = createAgentState({ store: givenStore(seed, change) }).data();
  return verdictOf(counter, seed, (history, _, random) => {
    if (random() < 0.3) return history.call({ add: 0 }, () => data.get('count', 0));
    const add = 1 + Math.floor(random() * 3);
    return history.call({ add }, () => data.increment('count', add));
  });
};

type Append = { readonly item: string | undefined };
type Seen = number | readonly string[];
const list: SequentialModel<readonly string[], Append, Seen> = {
  initial: [],
  step(items, { item }, output) {
    const state = item === undefined ? items : [...items, item];
    if (output === undefined) return { state };
    const answers = typeof output === 'number' ? output === state.length : String(output) === String(state);
    return answers ? { state } : undefined;
  },
  spell: String,
};

const listing = (append: (data: DataStore, item: string) => Promise<Seen>, change: Break) => (seed: number) => {
  const data = createAgentState({ store: givenStore(seed, change) }).data();
  return verdictOf(list, seed, (history, process, random, turn) => {
    if (random() < 0.3) return history.call({ item: undefined }, () => data.get<readonly string[]>('list', []));
    const item = `${process}.${turn}`;
    return history.call({ item }, () => append(data, item));
  });
};
const appending = (change: Break) => listing((data, item) => data.append('list', item), change);
const updating = (change: Break) =>
  listing((data, item) => data.update<readonly string[]>('list', (items = []) => [...items, item]), change);

type Swap = { readonly from: string; readonly to: string } | { readonly read: true };
const register: SequentialModel<string, Swap, string> = {
  initial: 'none',
  step(value, input, output) {
    if ('read' in input) return output === value ? { state: value } : undefined;
    if (value !== input.from) return output === undefined || output === 'conflict' ? { state: value } : undefined;
    return output === undefined || output === 'swapped' ? { state: input.to } : undefined;
  },
  spell: (value) => value,
};

/** Compares and sets by version; since no value is written twice, a version stands for a value. */
const swapping = (change: Break) => (seed: number) => {
  const data = createAgentState({ store: givenStore(seed, change) }).data();
  const known = new Map<number, { readonly value: string; readonly version: number }>();
  return verdictOf(register, seed, async (history, process, random, turn) => {
    const basis = known.get(process);
    if (basis === undefined || random() < 0.4) {
      let version = 0;
      const value = await history.call({ read: true }, async () => {
        const entry = await data.entry<string>('key');
        version = entry?.version ?? 0;
        return entry?.value ?? 'none';
      });
      if (value !== undefined) known.set(process, { value, version });
      return;
    }
    const to = `${process}.${turn}`;
    await history.call({ from: basis.value, to }, async () => {
      try {
        const version = await data.set('key', to, { ifVersion: basis.version });
        known.set(process, { value: to, version });
        return 'swapped';
      } catch (error) {
        if ((error as { code?: string }).code === 'version_conflict') return 'conflict';
        throw error;
      }
    });
  });
};

type Locking = { readonly kind: 'take' | 'free'; readonly token: string };
interface Lock {
  readonly holder: string | undefined;
  readonly fence: number;
}
const lock: SequentialModel<Lock, Locking, number | boolean> = {
  initial: { holder: undefined, fence: 0 },
  step({ holder, fence }, { kind, token }, output) {
    if (kind === 'free') {
      if (output !== (holder === token)) return undefined;
      return { state: { holder: holder === token ? undefined : holder, fence } };
    }
    if (holder !== undefined) return output === false ? { state: { holder, fence } } : undefined;
    return typeof output === 'number' && output > fence ? { state: { holder: token, fence: output } } : undefined;
  },
  spell: ({ holder, fence }) => `${holder} ${fence}`,
};

/** Takes and frees a lock, also one that is not held: whoever has lost a lock does not always know. */
const locking = (change: Break) => async (seed: number) => {
  const store = change(faultyStore(memoryStore({ clock: manualClock(1_700_000_000_000) }), { async: true, seed }));
  const { locks } = await (store.state as (namespace: string) => Promise<StateStore>)('test');
  return verdictOf(lock, seed, async (history, process, random, turn) => {
    const token = `${process}.${turn}`;
    const request = { name: 'lock', owner: token, token, ttlMs: 60_000 };
    const taken = await history.call({ kind: 'take', token }, async () => {
      const result = await locks.acquire(request);
      return result.kind === 'acquired' ? result.fence : false;
    });
    if (taken !== false || random() < 0.5) {
      await history.call({ kind: 'free', token }, async () => locks.release('lock', token));
    }
  });
};

describe('on a store whose answers are late and get lost', () => {
  it.each([
    ['increments', counting],
    ['appends', appending],
    ['updates', updating],
    ['changes by version', swapping],
    ['locks', locking],
  ])('%s act as if each had happened at one moment', async (_, story) => {
    expect(await verdicts(story(sound))).toEqual({ linearizable: SEEDS });
  });
});

describe('the search catches', () => {
  it.each([
    ['a counter that is read, added to and written back', counting, readModifyWrite],
    ['a list that is read, appended to and written back', appending, readModifyWrite],
    ['a counter that counts again when the reply was lost', counting, repeatOperations],
    ['a list that is appended to again when the reply was lost', appending, repeatOperations],
    ['a lock that anybody frees', locking, releaseWithoutOwner],
  ] satisfies [string, (change: Break) => (seed: number) => Promise<Linearizability>, StateSabotage['breakState']][])(
    '%s',
    async (_, story, breakState) => {
      const found = await verdicts(story(broken(breakState)));
      expect(found['not-linearizable']?.length ?? 0).toBeGreaterThan(SEEDS.length / 2);
    },
  );
});
