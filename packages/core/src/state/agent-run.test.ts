import { describe, expect, it, vi } from 'vitest';

import { codeOf, givenState } from '../../test/agent-state.ts';
import { refusal } from '../../test/refusal.ts';
import type { AgentRun } from './agent-run.ts';

describe('AgentRun', () => {
  it('executes a step once, and gives whoever goes on what it has returned', async () => {
    const { state } = givenState();
    const search = vi.fn(async () => ({ hits: ['a', 'b'], at: new Date(0) }));
    const first = state.run('run_001');
    expect(await first.step('search', search)).toEqual({ hits: ['a', 'b'], at: new Date(0) });
    await first.release();
    const second = state.run('run_001');
    expect(await second.step('search', search)).toStrictEqual({ hits: ['a', 'b'], at: new Date(0) });
    expect(search).toHaveBeenCalledTimes(1);
  });

  it('records any result: nothing, zero, an empty text', async () => {
    const { state } = givenState();
    const execute = vi.fn((result: unknown) => result);
    for (let turn = 0; turn < 2; turn += 1) {
      await using run = state.run('run');
      for (const result of [undefined, null, 0, '', false, NaN]) {
        expect(await run.step('step', () => execute(result))).toBe(result);
      }
    }
    expect(execute).toHaveBeenCalledTimes(6);
  });

  it('hands out results that the worker may change without changing the record', async () => {
    const { state } = givenState();
    await using run = state.run('run');
    (await run.step('list', () => ['a'])).push('b');
    await run.release();
    expect(await state.run('run').step('list', () => [])).toEqual(['a']);
  });

  it('tells status, step and results, and counts up the version', async () => {
    const { state, clock } = givenState();
    const run = state.run('run', { ttl: '1h' });
    expect(await run.state()).toBeUndefined();
    await run.step('search', () => [1]);
    const before = await run.state();
    expect(before).toMatchObject({
      id: 'run',
      status: 'running',
      currentStep: 'search',
      results: { search: [1] },
      attempts: 1,
    });
    await clock.advance(1_000);
    await run.step('answer', () => 'tea');
    await run.complete({ answer: 'tea' });
    const after = await run.state();
    expect(after).toMatchObject({
      status: 'completed',
      currentStep: 'answer',
      result: { answer: 'tea' },
      error: undefined,
      createdAt: new Date(1_700_000_000_000),
      updatedAt: new Date(1_700_000_001_000),
      expiresAt: new Date(1_700_003_601_000),
    });
    expect(after?.version).toBeGreaterThan(before?.version as number);
  });

  it('writes what happens to its log, together with entries of the agent', async () => {
    const { state } = givenState();
    const run = state.run('run', { owner: 'worker 1' });
    await run.step('search', () => 1);
    await run.log.append('thought', { text: 'enough' });
    await refusal(() => run.step('answer', () => Promise.reject(new Error('no model'))));
    await run.fail(new Error('no model'));
    await state.run('run', { owner: 'worker 2' }).retry();
    const events = await run.log.read<Record<string, unknown>>();
    expect(events.map(({ type, data }) => [type, data?.['step'] ?? data?.['owner']])).toEqual([
      ['run-started', 'worker 1'],
      ['step-completed', 'search'],
      ['thought', undefined],
      ['step-failed', 'answer'],
      ['run-failed', undefined],
      ['run-resumed', 'worker 2'],
      ['run-retried', undefined],
    ]);
  });

  it('tells steps in loops apart by their order, and steps at once by their keys', async () => {
    const { state } = givenState();
    const executed: string[] = [];
    const work = async (run: AgentRun, urls: readonly string[]): Promise<unknown[]> => {
      const pages: string[] = [];
      for (let page = 1; page <= 3; page += 1) {
        pages.push(
          await run.step('page', ({ stepId }) => {
            executed.push(stepId);
            return `page ${page}`;
          }),
        );
      }
      const fetched = await Promise.all(
        urls.map((url) =>
          run.step(
            'fetch',
            ({ stepId }) => {
              executed.push(stepId);
              return `text of ${url}`;
            },
            { key: url },
          ),
        ),
      );
      return [...pages, ...fetched];
    };
    const first = state.run('run');
    expect(await work(first, ['x', 'y'])).toEqual(['page 1', 'page 2', 'page 3', 'text of x', 'text of y']);
    await first.release();
    expect(await work(state.run('run'), ['y', 'z', 'x'])).toEqual([
      'page 1',
      'page 2',
      'page 3',
      'text of y',
      'text of z',
      'text of x',
    ]);
    expect(executed).toEqual(['page', 'page#2', 'page#3', 'fetch=x', 'fetch=y', 'fetch=z']);
  });

  it('tells steps apart that start together without a key, by the order in which they start', async () => {
    const { state } = givenState({ seed: 8 });
    const first = state.run('run');
    const results = await Promise.all([1, 2, 3].map((value) => first.step('square', () => value * value)));
    await first.release();
    const again = state.run('run');
    expect(await Promise.all([1, 2, 3].map(() => again.step('square', () => 0)))).toEqual(results);
  });

  it('goes on in the middle of a step that has steps of its own', async () => {
    const { state } = givenState();
    const executed: string[] = [];
    const work = (run: AgentRun, fails: boolean): Promise<string> =>
      run.step('report', async ({ step }) => {
        const title = await step('title', ({ stepId }) => {
          executed.push(stepId);
          return 'Tea';
        });
        if (fails) throw new Error('crash');
        const body = await step('body', ({ stepId }) => {
          executed.push(stepId);
          return 'is hot';
        });
        return `${title} ${body}`;
      });
    const first = state.run('run');
    await expect(work(first, true)).rejects.toThrow('crash');
    await first.release();
    expect(await work(state.run('run'), false)).toBe('Tea is hot');
    expect(executed).toEqual(['report/title', 'report/body']);
  });

  it('gives a step the same idempotency key each time, and no two steps or runs the same', async () => {
    const { state } = givenState();
    const keys: string[] = [];
    const note = ({ idempotencyKey }: { idempotencyKey: string }): never => {
      keys.push(idempotencyKey);
      throw new Error('the process dies');
    };
    for (const id of ['run', 'run', 'other']) {
      await using run = state.run(id);
      await refusal(() => run.step('charge', note));
      await refusal(() => run.step('charge', note));
    }
    expect(keys.slice(0, 2)).toEqual(keys.slice(2, 4));
    expect(new Set(keys).size).toBe(4);
    await state.runs.delete('run');
    await refusal(() => state.run('run').step('charge', note));
    expect(new Set(keys).size).toBe(5);
  });

  it('makes a step of each call of a tool, kept apart by its arguments', async () => {
    const { state } = givenState();
    const upstream = vi.fn(async (key: string, to: string, amount: number) => `${to} got ${amount} (${key.length})`);
    const pay = (run: AgentRun) =>
      run.tool('pay', ({ idempotencyKey }, to: string, amount: number) => upstream(idempotencyKey, to, amount));
    const first = state.run('run');
    expect(await pay(first)('ann', 5)).toBe('ann got 5 (43)');
    expect(await pay(first)('bob', 5)).toBe('bob got 5 (43)');
    await first.release();
    // The model decides otherwise after the restart: Bob first, and then somebody new.
    const second = state.run('run');
    expect(await pay(second)('bob', 5)).toBe('bob got 5 (43)');
    expect(await pay(second)('cleo', 1)).toBe('cleo got 1 (43)');
    expect(upstream.mock.calls.map(([, to]) => to)).toEqual(['ann', 'bob', 'cleo']);
  });

  it('lets an error of a step through as it is, and executes the step again', async () => {
    const { state } = givenState();
    const run = state.run('run');
    const error = new Error('no model');
    const pass = async (current: AgentRun, fails: boolean): Promise<string> =>
      current.step('answer', () => (fails ? Promise.reject(error) : 'tea'));
    expect(await refusal(() => pass(run, true))).toBe(error);
    await run.release();
    expect(await pass(state.run('run'), false)).toBe('tea');
  });

  it('does not record a result that cannot come back as it is, and says where the obstacle lies', async () => {
    const { state } = givenState();
    const run = state.run('run');
    const error = await refusal(() => run.step('open', () => ({ socket: { send: () => 1 } })));
    expect(error).toMatchObject({ code: 'not_encodable', path: '$.socket.send' });
    expect((await run.state())?.results).toEqual({});
  });

  it('ends once: with a result, or with an error that can be retried', async () => {
    const { state } = givenState();
    const run = state.run('run');
    await run.step('one', () => 1);
    await run.fail(new Error('no model'));
    await run.fail(new Error('again'));
    expect(await run.state()).toMatchObject({ status: 'failed', error: 'no model', result: undefined });
    expect(await codeOf(() => run.step('two', () => 2))).toBe('run_ended');
    expect(await codeOf(() => run.complete())).toBe('run_ended');
    await run.retry();
    await run.retry();
    expect(await run.step('one', () => 'not executed')).toBe(1);
    expect(await run.step('two', () => 2)).toBe(2);
    await run.complete('done');
    await run.complete('done twice');
    expect(await run.state()).toMatchObject({ status: 'completed', result: 'done', error: undefined });
    expect(await codeOf(() => run.fail('late'))).toBe('run_ended');
    expect(await codeOf(() => run.retry())).toBe('run_ended');
    expect(await codeOf(() => run.step('three', () => 3))).toBe('run_ended');
    const again = state.run('run');
    expect(await again.step('two', () => 'not executed')).toBe(2);
  });

  it('can be tried again after the store has failed at its opening', async () => {
    const { state, store } = givenState();
    const run = state.run('run');
    const fault = store.inject({ kind: 'reject', operations: 'runs.open' });
    expect(await codeOf(() => run.step('one', () => 1))).toBe('outcome_unknown');
    fault.stop();
    expect(await run.step('two', () => 2)).toBe(2);
  });

  it.each([
    ['id', '', {}],
    ['ttl', 'run', { ttl: 0 }],
    ['lease', 'run', { lease: 'short' }],
    ['wait', 'run', { wait: 0 }],
    ['owner', 'run', { owner: '' }],
    ['signal', 'run', { signal: 5 }],
    ['maxEvents', 'run', { maxEvents: 0 }],
    ['retries', 'run', { retries: 3 }],
  ])('refuses a bad %s: %j, %j', (name, id, options) => {
    expect(() => givenState().state.run(id, options as never)).toThrow(
      new RegExp(`Invalid (option|argument) "${name}": received .+, allowed: .+`),
    );
  });

  it.each([
    ['name', (run: AgentRun) => run.step('', () => 1)],
    ['execute', (run: AgentRun) => run.step('one', 5 as never)],
    ['execute', (run: AgentRun) => run.tool('one', undefined as never)],
    ['retry', (run: AgentRun) => run.step('one', () => 1, { retry: 1 } as never)],
    ['name', (run: AgentRun) => run.child('')],
  ])('refuses a bad %s: %s', async (name, call) => {
    const error = String(await refusal(() => call(givenState().state.run('run'))));
    expect(error).toMatch(new RegExp(`Invalid (option|argument) "${name}": received .+, allowed: .+`));
  });
});
