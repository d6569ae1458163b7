import { describe, expect, it } from 'vitest';

import { checkLinearizability, type Linearizability, type SequentialModel } from '../../src/testing/index.ts';
import { counterModel, listModel, lockModel, registerModel } from '../state-models.ts';
import type { ObjectKind } from './object-worker.ts';
import { processHistory, startObjectProcesses } from './process-history.ts';
import { givenSharedStore, type SharedStoreName } from './shared-store.ts';

const PROCESSES = 4;
const TURNS = 40;
const REPLY_LOSS = 0.1;

const MODELS: Readonly<Record<ObjectKind, unknown>> = {
  increments: counterModel,
  appends: listModel,
  updates: listModel,
  'changes by version': registerModel,
  locks: lockModel,
};

interface Story {
  readonly rounds: number;
  readonly sabotage?: 'readModifyWrite' | 'releaseWithoutOwner';
  /** Kills one of the processes in the last round. */
  readonly kills: boolean;
}

/** Lets several processes do something to one object after another, and tells for each whether it can be explained. */
async function verdicts(
  store: SharedStoreName,
  kind: ObjectKind,
  { rounds, sabotage, kills }: Story,
): Promise<Linearizability[]> {
  const { url } = await givenSharedStore(store, sabotage === undefined ? REPLY_LOSS : 0);
  const children = await startObjectProcesses(url, PROCESSES, sabotage);
  const model = MODELS[kind] as SequentialModel<unknown, unknown, unknown>;
  const found: Linearizability[] = [];
  for (let seed = 1; seed <= rounds; seed += 1) {
    const killAfter = kills && seed === rounds ? TURNS : Infinity;
    const history = await processHistory(children, { kind, object: `${kind} ${seed}`, seed, turns: TURNS, killAfter });
    expect(history.length, `seed ${seed}`).toBeGreaterThan(((PROCESSES - 1) * TURNS) / 2);
    found.push(checkLinearizability(model, history));
  }
  return found;
}

describe.each(['sqlite', 'valkey'] as const)(
  'on %s, shared by four processes that lose replies and are killed',
  (store) => {
    it.each(['increments', 'appends', 'updates', 'changes by version', 'locks'] as const)(
      '%s act as if each had happened at one moment',
      async (kind) => {
        // The lock of a process that is dead stays taken for a minute, and there would be nothing left to see.
        const found = await verdicts(store, kind, { rounds: 3, kills: kind !== 'locks' });
        expect(found).toEqual(['linearizable', 'linearizable', 'linearizable']);
      },
    );
  },
);

describe.each(['sqlite', 'valkey'] as const)('on %s the search catches', (store) => {
  it.each([
    ['a counter that is read, added to and written back', 'increments', 'readModifyWrite'],
    ['a list that is read, appended to and written back', 'appends', 'readModifyWrite'],
    ['a lock that anybody frees', 'locks', 'releaseWithoutOwner'],
  ] as const)('%s', async (_, kind, sabotage) => {
    expect(await verdicts(store, kind, { rounds: 3, sabotage, kills: false })).toContain('not-linearizable');
  });
});
