import { describe, expect, it } from 'vitest';

import { createToolCache } from '../create-tool-cache.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import { adapterCaseGroups, describeAdapter, type AdapterHarness } from './adapter-conformance.ts';
import { adapterSabotages, sabotagedSteps } from './adapter-sabotage.ts';
import { bindAdapterConformance } from './bind-adapter-conformance.ts';
import { plainAdapter, RIGHT, type AdapterSteps } from './plain-adapter.ts';

function harness(steps: AdapterSteps = RIGHT): AdapterHarness {
  return {
    name: 'plain',
    createStore: memoryStore,
    createCache: createToolCache,
    connect: (cache, tools) => plainAdapter(cache, tools, steps),
    capabilities: ['streaming', 'error-identity', 'returned-errors', 'control-flow'],
    failure: (message) => ({ failed: message }),
    controlFlow: [
      { name: 'an interrupt', run: () => Promise.reject(new Error('wait for a person')) },
      { name: 'a command', run: () => new Map([[Symbol('goto'), 'the next step']]) },
    ],
  };
}

bindAdapterConformance({ describe, it }, harness());

describe('describeAdapter', () => {
  it('leaves out the cases that need what the framework does not have, and says which', () => {
    const { omitted } = describeAdapter({ ...harness(), capabilities: [] });
    expect(omitted.map(({ requires }) => requires?.[0])).toEqual([
      'control-flow',
      'error-identity',
      'returned-errors',
      ...Array.from({ length: 5 }, () => 'streaming'),
    ]);
  });

  it.each([
    { capabilities: ['returned-errors'] as const, controlFlow: [] },
    { capabilities: ['control-flow'] as const, controlFlow: [] },
    { skip: [{ case: 'unknown', reason: 'a typo' }] },
  ])('fails a harness that is not honest: %o', async (changes) => {
    const { failure: _, ...others } = harness();
    const [check] = describeAdapter({ ...others, ...changes }).tests;
    await expect(check?.run()).rejects.toThrow();
  });

  it('has no two cases of one name', () => {
    const names = adapterCaseGroups.flatMap(({ cases }) => cases.map(({ name }) => name));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('the conformance suite', () => {
  it.each(adapterSabotages)('catches an adapter that $name', async (sabotage) => {
    const { tests } = describeAdapter(harness(sabotagedSteps(sabotage)));
    const named = tests.filter(({ name }) => name === sabotage.caughtBy);
    expect(named).toHaveLength(1);
    await expect(named[0]?.run()).rejects.toThrow();
  });
});
