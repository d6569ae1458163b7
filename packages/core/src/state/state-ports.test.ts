import { describe, expect, it } from 'vitest';

import { codeOf, givenState } from '../../test/agent-state.ts';
import { refusal } from '../../test/refusal.ts';
import { StoreError } from '../errors.ts';
import { memoryStore } from '../stores/memory/memory-store.ts';
import { createAgentState } from './create-agent-state.ts';

describe('state on a store that fails', () => {
  it('fails with an error that says so, and never answers in place of the store', async () => {
    const { state, store } = givenState();
    const data = state.data();
    await data.set('key', 1);
    const cause = new Error('no route');
    store.inject({ kind: 'reject', error: cause });
    expect(await refusal(() => data.get('key', 'fallback'))).toMatchObject({ code: 'state_unavailable', cause });
    expect(await codeOf(() => data.has('key'))).toBe('state_unavailable');
    expect(await codeOf(() => data.keys())).toBe('state_unavailable');
    expect(await codeOf(() => state.log('log').read())).toBe('state_unavailable');
    expect(await codeOf(() => state.run('run').state())).toBe('state_unavailable');
    expect(await codeOf(() => state.lock('lock'))).toBe('outcome_unknown');
    expect(await codeOf(() => state.run('run').step('step', () => 1))).toBe('outcome_unknown');
    store.heal();
    expect(await data.get('key')).toBe(1);
  });

  it('tries again what a store has failed to do, whatever kind of error it has for that', async () => {
    const { state, store } = givenState();
    const cause = new StoreError('store_timeout', 'no answer');
    const fault = store.inject({ kind: 'lose-reply', error: cause, times: 1 });
    expect(await state.data().increment('count')).toBe(1);
    expect(fault.hits).toBe(1);
    store.inject({ kind: 'reject', error: cause });
    expect(await refusal(() => state.data().increment('count'))).toMatchObject({ code: 'outcome_unknown', cause });
  });

  it('counts once when the reply is lost, however often', async () => {
    const { state, store } = givenState();
    const data = state.data();
    store.inject({ kind: 'lose-reply', operations: 'documents.apply', times: 2 });
    expect(await data.increment('count')).toBe(1);
    expect(await data.get('count')).toBe(1);
    expect(store.calls('documents.apply')).toBe(3);
  });

  it('says that the outcome is unknown when every reply is lost, and lets the change be repeated under its id', async () => {
    const { state, store } = givenState();
    const data = state.data();
    const fault = store.inject({ kind: 'lose-reply', operations: 'documents.apply' });
    const error = (await refusal(() => data.increment('count'))) as { code: string; operationId: string };
    expect(error.code).toBe('outcome_unknown');
    fault.stop();
    const { operationId } = error;
    expect(await data.increment('count', 1, { operationId })).toBe(1);
    expect(await data.increment('count')).toBe(2);
  });

  it.each(['throw', 'reject'] as const)('tries again what was not carried out: %s', async (kind) => {
    const { state, store } = givenState();
    store.inject({ kind, times: 2 });
    expect(await state.log('log').append('note')).toBe(1);
  });

  it('appends to a log once when the reply is lost', async () => {
    const { state, store } = givenState();
    store.inject({ kind: 'lose-reply', operations: 'log.append', times: 1 });
    expect(await state.log('log').append('note')).toBe(1);
    expect(await state.log('log').size()).toMatchObject({ count: 1 });
  });

  it('takes a lock once when the reply is lost, and keeps its fence', async () => {
    const { state, store } = givenState();
    store.inject({ kind: 'lose-reply', operations: 'locks.acquire', times: 1 });
    const lock = await state.lock('lock');
    expect(await state.locks.inspect('lock')).toMatchObject({ fence: lock.fence });
    expect(await lock.release()).toBe(true);
  });

  it('frees a lock again that was taken by a request whose replies are all lost', async () => {
    const { state, store } = givenState();
    store.inject({ kind: 'lose-reply', operations: 'locks.acquire', times: 3 });
    expect(await codeOf(() => state.lock('lock'))).toBe('outcome_unknown');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await state.locks.inspect('lock')).toBeUndefined();
  });

  it('records a step once when the reply is lost, and executes it once', async () => {
    const { state, store } = givenState();
    store.inject({ kind: 'lose-reply', operations: ['runs.open', 'runs.record', 'locks.acquire'], rate: 0.5 });
    let executions = 0;
    const run = state.run('run');
    for (let step = 0; step < 20; step += 1) {
      await run.step('step', () => (executions += 1)).catch(() => undefined);
    }
    store.heal();
    const events = (await run.log.read()).filter(({ type }) => type === 'step-completed');
    expect(events).toHaveLength(Object.keys((await run.state())?.results ?? {}).length);
    expect(new Set(events.map(({ data }) => (data as { step: string }).step)).size).toBe(events.length);
    expect(events.length).toBeGreaterThan(5);
  });

  it('says when a store keeps no state', async () => {
    const { state: _, ...store } = memoryStore();
    const state = createAgentState({ store: { ...store, name: 'plain' } });
    expect(String(await refusal(() => state.data().get('key')))).toContain('The store "plain" keeps no durable state.');
    expect(await codeOf(() => state.lock('lock'))).toBe('state_unsupported');
  });

  it.each([
    ['store', { store: undefined }],
    ['store', { store: 'memory:' }],
    ['namespace', { namespace: '' }],
    ['maxValueBytes', { maxValueBytes: 0 }],
    ['credentials', { credentials: 'redact' }],
    ['clock', { clock: 5 }],
    ['ttl', { ttl: '5m' }],
  ])('refuses a bad option %s: %j', (name, options) => {
    const create = () => createAgentState({ store: memoryStore(), ...options } as never);
    expect(create).toThrow(new RegExp(`Invalid option "${name}": received .+, allowed: .+`));
  });
});
