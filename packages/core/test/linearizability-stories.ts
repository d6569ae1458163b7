import type { Store } from '../src/index.ts';
import { createAgentState, type AgentState, type DataStore } from '../src/state/index.ts';
import type { StateStore } from '../src/store/state-store.ts';
import {
  checkLinearizability,
  faultyStore,
  seededRandom,
  type Linearizability,
  type SequentialModel,
} from '../src/testing/index.ts';
import { OperationHistory } from './operation-history.ts';
import { counterModel, listModel, lockModel, registerModel, type ListAnswer } from './state-models.ts';

const PROCESSES = 6;
const OPERATIONS = 20;

/** Lets several processes do something to one object at once, each over one of the clients, and tells whether it can be explained. */
export type Story = (clients: readonly Store[], seed: number) => Promise<Linearizability>;

/** Makes the answers of a store late, lets them overtake each other and get lost. */
export function withFaults(store: Store, seed: number): Store {
  const faulty = faultyStore(store, { async: true, seed });
  faulty.inject({ kind: 'lose-reply', rate: 0.2 });
  faulty.inject({ kind: 'reject', rate: 0.1 });
  return faulty;
}

/** Is what one process does in its turn. */
interface Turn<Input, Output> {
  readonly history: OperationHistory<Input, Output>;
  readonly process: number;
  readonly index: number;
  readonly random: () => number;
}

async function verdictOf<State, Input, Output>(
  model: SequentialModel<State, Input, Output>,
  seed: number,
  take: (turn: Turn<Input, Output>) => Promise<unknown>,
): Promise<Linearizability> {
  const history = new OperationHistory<Input, Output>();
  const random = seededRandom(seed * 7_919);
  await Promise.all(
    Array.from({ length: PROCESSES }, async (_, process) => {
      for (let index = 0; index < OPERATIONS; index += 1) await take({ history, process, index, random });
    }),
  );
  const { length } = history.records;
  if (length < (PROCESSES * OPERATIONS) / 2) throw new Error(`Seed ${seed} leaves ${length} operations only.`);
  return checkLinearizability(model, history.records);
}

function each<Client>(
  clients: readonly Store[],
  seed: number,
  open: (state: AgentState) => Client,
): (process: number) => Client {
  const opened = clients.map((store) => open(createAgentState({ store, namespace: `seed ${seed}` })));
  return (process) => opened[process % opened.length] as Client;
}

/** Adds to a counter, and reads it. */
export const counting: Story = (clients, seed) => {
  const dataOf = each(clients, seed, (state) => state.data('counting'));
  return verdictOf(counterModel, seed, ({ history, process, random }) => {
    const data = dataOf(process);
    if (random() < 0.3) return history.call({ add: 0 }, () => data.get('count', 0));
    const add = 1 + Math.floor(random() * 3);
    return history.call({ add }, () => data.increment('count', add));
  });
};

function listing(space: string, append: (data: DataStore, item: string) => Promise<ListAnswer>): Story {
  return (clients, seed) => {
    const dataOf = each(clients, seed, (state) => state.data(space));
    return verdictOf(listModel, seed, ({ history, process, index, random }) => {
      const data = dataOf(process);
      if (random() < 0.3) return history.call({ item: undefined }, () => data.get<readonly string[]>('list', []));
      const item = `${process}.${index}`;
      return history.call({ item }, () => append(data, item));
    });
  };
}

/** Appends to a list, and reads it. */
export const appending: Story = listing('appending', (data, item) => data.append('list', item));

/** Replaces a list by itself and one item more, and reads it. */
export const updating: Story = listing('updating', (data, item) =>
  data.update<readonly string[]>('list', (items = []) => [...items, item]),
);

/** Compares and sets by version. */
export const swapping: Story = (clients, seed) => {
  const dataOf = each(clients, seed, (state) => state.data('swapping'));
  const known = new Map<number, { readonly value: string; readonly version: number }>();
  return verdictOf(registerModel, seed, async ({ history, process, index, random }) => {
    const data = dataOf(process);
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
    const to = `${process}.${index}`;
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

/**
 * Takes and frees a lock, also one that is not held: whoever has lost a lock does not always know. The ports are asked
 * themselves, so no reply may be lost here.
 */
export const locking: Story = async (clients, seed) => {
  const opened = clients.map(async (store) =>
    (store.state as (namespace: string) => Promise<StateStore>)(`seed ${seed}`),
  );
  const states = await Promise.all(opened);
  return verdictOf(lockModel, seed, async ({ history, process, index, random }) => {
    const { locks } = states[process % states.length] as StateStore;
    const token = `${process}.${index}`;
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

/** Runs a story under every seed and lists the seeds by verdict. */
export async function verdictsOf(
  seeds: readonly number[],
  run: (seed: number) => Promise<Linearizability>,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const found: Record<string, number[]> = {};
  for (const seed of seeds) (found[await run(seed)] ??= []).push(seed);
  return found;
}
