import assert from 'node:assert/strict';

import { describe, expect, it } from 'vitest';

import type { Store } from '../store/store.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import { bindStoreConformance } from './bind-store-conformance.ts';
import { manualClock } from './manual-clock.ts';
import { fidelitySabotages } from './fidelity-sabotage.ts';
import { freshnessSabotages } from './freshness-sabotage.ts';
import { sabotaged } from './sabotage.ts';
import type { ConformanceTest } from './conformance-suite.ts';
import { describeStore, storeCaseGroups, type StoreHarness } from './store-conformance.ts';
import { stateSabotages, withBrokenState } from './state-sabotage.ts';
import type { StoreCaseGroup } from './store-case.ts';

const passing = { name: 'passes', run: async () => undefined };
const failing = { name: 'fails', run: async () => assert.fail('as it must') };
const needy = { name: 'needs more', requires: ['foreign'] as const, run: async () => undefined };
const groups: readonly StoreCaseGroup[] = [{ concern: 'everything', cases: [passing, failing, needy] }];

function harness(changes: Partial<StoreHarness> = {}): StoreHarness {
  let clock = manualClock();
  return {
    name: 'memory',
    create() {
      clock = manualClock(1_700_000_000_000);
      const store = memoryStore({ clock });
      return { a: store, b: store };
    },
    advance: (ms) => clock.advance(ms),
    capabilities: ['peek', 'stats', 'exact-time', 'state', 'checkpoints'],
    ...changes,
  };
}

async function run(tests: readonly ConformanceTest[]): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  for (const test of tests) {
    outcomes[test.name] = await test.run().then(
      () => 'passes',
      (error: unknown) => (error as Error).message.split('\n')[0] as string,
    );
  }
  return outcomes;
}

const CHECK = 'skips only cases that exist, each with a reason, and brings what its capabilities need';

describe('describeStore', () => {
  it('runs each case on data of its own and tidies up, also after a failure', async () => {
    const log: string[] = [];
    const { create } = harness();
    const own = harness({
      create() {
        log.push('create');
        return create();
      },
      destroy: () => void log.push('destroy'),
    });
    const { tests } = describeStore(own, groups);
    expect(await run(tests)).toEqual({ [CHECK]: 'passes', passes: 'passes', fails: 'as it must' });
    expect(log).toEqual(['create', 'destroy', 'create', 'destroy']);
  });

  it('leaves out the cases that need what the store cannot do, and says which', () => {
    expect(describeStore(harness(), groups).omitted).toEqual([needy]);
    const foreign = () => ({ write: async () => undefined, intact: async () => true });
    expect(describeStore(harness({ capabilities: ['foreign'], foreign }), groups).omitted).toEqual([]);
  });

  it('passes a case that is skipped for as long as it fails', async () => {
    const { tests } = describeStore(harness({ skip: [{ case: 'fails', reason: 'it must' }] }), groups);
    expect(await run(tests)).toMatchObject({ 'fails (skipped: it must)': 'passes' });
  });

  it('fails a case that is skipped although it passes', async () => {
    const { tests } = describeStore(harness({ skip: [{ case: 'passes', reason: 'it did not once' }] }), groups);
    expect(await run(tests)).toMatchObject({
      'passes (skipped: it did not once)': 'This case passes: remove the skip. passes',
    });
  });

  it.each([
    [{ skip: [{ case: 'unknown', reason: 'a typo' }] }, 'no such case to skip: unknown'],
    [{ skip: [{ case: 'fails', reason: ' ' }] }, 'skipped without a reason: fails'],
    [{ skip: [{ case: 'needs more', reason: 'left out anyway' }] }, 'no such case to skip: needs more'],
    [{ capabilities: ['foreign'] as const }, 'foreign goes with the hook of that name'],
    [{ leaseMs: 100 }, 'lease-expiry goes with leaseMs'],
  ])('fails a harness that is not honest: %o', async (changes, message) => {
    const { tests } = describeStore(harness(changes), groups);
    expect((await run(tests))[CHECK]).toBe(message);
  });

  it('has no two cases of one name', () => {
    const names = storeCaseGroups.flatMap(({ cases }) => cases.map(({ name }) => name));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('bindStoreConformance', () => {
  it('gives every test to the runner, by concern', () => {
    const lines: string[] = [];
    const runner = {
      describe(name: string, define: () => void) {
        lines.push(name);
        define();
      },
      it: (name: string) => lines.push(`- ${name}`),
    };
    bindStoreConformance(runner, harness());
    const { tests } = describeStore(harness());
    expect(lines.filter((line) => line.startsWith('- '))).toEqual(tests.map(({ name }) => `- ${name}`));
    expect(lines.slice(0, 4)).toEqual(['memory: a store', 'the harness', `- ${CHECK}`, 'round trip']);
  });
});

describe('the conformance suite', () => {
  async function verifyCaught(caughtBy: string, breakStore: (store: Store) => Store): Promise<void> {
    const broken = harness();
    const { tests } = describeStore({
      ...broken,
      async create() {
        const { a } = await broken.create();
        const store = breakStore(a);
        return { a: store, b: store };
      },
    });
    const named = tests.filter(({ name }) => name === caughtBy);
    expect(named).toHaveLength(1);
    expect(await run(named)).not.toEqual({ [caughtBy]: 'passes' });
  }

  it.each([...freshnessSabotages, ...fidelitySabotages])('catches a store that $name', async (sabotage) => {
    await verifyCaught(sabotage.caughtBy, (store) => sabotaged(store, sabotage));
  });

  it.each(stateSabotages)('catches a store whose state $name', async (sabotage) => {
    await verifyCaught(sabotage.caughtBy, (store) => withBrokenState(store, sabotage));
  });
});
