import { describe, expect, it } from 'vitest';

import { memoryStore, type Store } from '../src/index.ts';
import { faultyStore, manualClock } from '../src/testing/index.ts';
import {
  readModifyWrite,
  releaseWithoutOwner,
  repeatOperations,
  withBrokenState,
  type StateSabotage,
} from '../src/testing/state-sabotage.ts';
import {
  appending,
  counting,
  locking,
  swapping,
  updating,
  verdictsOf,
  withFaults,
  type Story,
} from './linearizability-stories.ts';

const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);

function memory(): Store {
  return memoryStore({ clock: manualClock(1_700_000_000_000) });
}

/** Opens a store whose answers are late; the locks are asked without an id, so theirs do not get lost. */
function givenStore(story: Story, seed: number): Store {
  return story === locking ? faultyStore(memory(), { async: true, seed }) : withFaults(memory(), seed);
}

describe('on a store whose answers are late and get lost', () => {
  it.each([
    ['increments', counting],
    ['appends', appending],
    ['updates', updating],
    ['changes by version', swapping],
    ['locks', locking],
  ])('%s act as if each had happened at one moment', async (_, story) => {
    const found = await verdictsOf(SEEDS, (seed) => story([givenStore(story, seed)], seed));
    expect(found).toEqual({ linearizable: SEEDS });
  });
});

describe('the search catches', () => {
  it.each([
    ['a counter that is read, added to and written back', counting, readModifyWrite],
    ['a list that is read, appended to and written back', appending, readModifyWrite],
    ['a counter that counts again when the reply was lost', counting, repeatOperations],
    ['a list that is appended to again when the reply was lost', appending, repeatOperations],
    ['a lock that anybody frees', locking, releaseWithoutOwner],
  ] satisfies [string, Story, StateSabotage['breakState']][])('%s', async (_, story, breakState) => {
    const found = await verdictsOf(SEEDS, (seed) =>
      story([withBrokenState(givenStore(story, seed), { breakState })], seed),
    );
    expect(found['not-linearizable']?.length ?? 0).toBeGreaterThan(SEEDS.length / 2);
  });
});
