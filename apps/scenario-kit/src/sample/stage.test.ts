import { scriptedTurns } from '@keepstep/core/testing';
import { expect, it } from 'vitest';

import { SimulatedClock } from '../time/simulated-clock.ts';
import { Stage } from './stage.ts';

const setStage = (environment: Record<string, string | undefined>, offline = false): Stage =>
  new Stage({ name: 'sample', environment, offline, print: () => undefined });

it('lives in simulated time when nothing outside takes part', async () => {
  await using stage = setStage({});
  expect(stage.clock).toBeInstanceOf(SimulatedClock);
  expect(stage.cache.namespace).toBe('sample');
  expect(stage.store.name).toBe('memory');
});

it('lives in real time with a real model', async () => {
  await using stage = setStage({ OPENAI_API_KEY: 'sk-test' });
  expect(stage.clock).not.toBeInstanceOf(SimulatedClock);
  expect(stage.model(scriptedTurns([]))).toBe(stage.resolved.real);
});

it('goes back to the script offline', async () => {
  await using stage = setStage({ OPENAI_API_KEY: 'sk-test' }, true);
  expect(stage.clock).toBeInstanceOf(SimulatedClock);
  expect(await stage.model(scriptedTurns([{ text: 'Hello.' }])).next([], { tools: [] })).toEqual({
    text: 'Hello.',
    toolCalls: [],
  });
});

it('numbers the calls of all its models in one sequence', async () => {
  await using stage = setStage({});
  const turns = scriptedTurns([{ calls: [{ toolName: 'get_cart', input: {} }] }]);
  const ids = [];
  for (const model of [stage.model(turns), stage.model(turns)]) {
    ids.push((await model.next([], { tools: [] })).toolCalls[0]?.toolCallId);
  }
  expect(ids).toEqual(['call_1', 'call_2']);
});

it('refuses a store that does not exist', () => {
  expect(() => setStage({ KEEPSTEP_STORE: 'paper:drawer' })).toThrow('paper:drawer');
});

it('takes a namespace for itself in a store that outlives it, or the one that it is given', async () => {
  const environment = { KEEPSTEP_STORE: 'valkey://127.0.0.1:1' };
  await using one = setStage(environment);
  await using other = setStage(environment);
  expect(one.cache.namespace).not.toBe(other.cache.namespace);
  await using shared = setStage({ ...environment, KEEPSTEP_NAMESPACE: 'ours' });
  expect(shared.cache.namespace).toBe('ours');
});

it('says that a store is not there, and does without it', async () => {
  const lines: string[] = [];
  const environment = { KEEPSTEP_STORE: 'sqlite:/no/such/folder/agent.db' };
  await using stage = new Stage({ name: 'sample', environment, offline: true, print: (line) => lines.push(line) });
  await stage.ready();
  expect(lines).toEqual([expect.stringContaining('The store cannot be used: ')]);
});
