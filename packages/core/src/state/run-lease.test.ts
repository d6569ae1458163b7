import { describe, expect, it, vi } from 'vitest';

import { codeOf, givenState } from '../../test/agent-state.ts';
import { refusal } from '../../test/refusal.ts';

describe('RunLease', () => {
  it('belongs to one worker at a time, who is named to the others', async () => {
    const { state } = givenState();
    const holder = state.run('run', { owner: 'worker 1' });
    await holder.step('one', () => 1);
    const execute = vi.fn(() => 2);
    const other = state.run('run', { owner: 'worker 2' });
    expect(await refusal(() => other.step('one', execute))).toMatchObject({
      code: 'run_held',
      owner: 'worker 1',
      subject: 'run',
    });
    expect(execute).not.toHaveBeenCalled();
    await holder.release();
    expect(await state.run('run', { owner: 'worker 2' }).step('one', execute)).toBe(1);
  });

  it('waits for a run that another worker holds, and goes on with what that one has recorded', async () => {
    const { state, clock } = givenState();
    const holder = state.run('run');
    await holder.step('one', () => 1);
    const waiting = state.run('run', { wait: '5s' }).step('one', () => 'not executed');
    await clock.advance(1_000);
    await holder.complete();
    expect(await waiting).toBe(1);
  });

  it('stays with its worker for as long as a step takes', async () => {
    const { state, clock } = givenState();
    const run = state.run('run', { lease: '3s' });
    const { promise, resolve } = Promise.withResolvers<string>();
    const step = run.step('think', () => promise);
    for (let second = 0; second < 20; second += 1) await clock.advance(1_000);
    expect(await codeOf(() => state.run('run').step('think', () => 'not executed'))).toBe('run_held');
    resolve('42');
    expect(await step).toBe('42');
  });

  it('refuses a worker that was stopped and comes back when another one has taken over', async () => {
    const { state, store, clock } = givenState();
    const stopped = state.run('run', { lease: '3s' });
    const { promise, resolve } = Promise.withResolvers<string>();
    let signal: AbortSignal | undefined;
    const step = stopped.step('think', (context) => {
      signal = context.signal;
      return promise;
    });
    await clock.advance(0);
    // The heartbeat of a process that was stopped does not reach the store.
    const silence = store.inject({ kind: 'reject', operations: 'locks.extend' });
    await clock.advance(3_000);
    silence.stop();
    const next = state.run('run');
    expect(await next.step('think', () => 'by the next worker')).toBe('by the next worker');
    resolve('late');
    expect(await codeOf(() => step)).toBe('run_lost');
    expect(signal?.aborted).toBe(true);
    const execute = vi.fn();
    expect(await codeOf(() => stopped.step('more', execute))).toBe('run_lost');
    expect(await codeOf(() => stopped.complete('late'))).toBe('run_lost');
    expect(execute).not.toHaveBeenCalled();
    expect(await next.state()).toMatchObject({ status: 'running', results: { think: 'by the next worker' } });
  });

  it('accepts what a worker was about to record when its lease ran out and nobody came', async () => {
    const { state, store, clock } = givenState();
    const run = state.run('run', { lease: '3s' });
    const { promise, resolve } = Promise.withResolvers<string>();
    const step = run.step('think', () => promise);
    await clock.advance(0);
    store.inject({ kind: 'reject', operations: 'locks.extend' });
    await clock.advance(3_000);
    resolve('just in time');
    expect(await step).toBe('just in time');
    expect(await codeOf(() => run.step('more', () => 1))).toBe('run_lost');
    expect(await state.run('run').step('think', () => 'not executed')).toBe('just in time');
  });

  it('lets a worker that was started again under its name go on at once, and refuses the one before it', async () => {
    const { state } = givenState();
    const before = state.run('run', { owner: 'worker 1' });
    await before.step('one', () => 1);
    const after = state.run('run', { owner: 'worker 1' });
    expect(await after.step('one', () => 'not executed')).toBe(1);
    expect(await codeOf(() => before.step('two', () => 2))).toBe('run_lost');
    expect(await codeOf(() => before.step('three', () => 3))).toBe('run_lost');
    expect(await after.step('two', () => 'two')).toBe('two');
  });

  it('says that a run is lost which expired while it was worked on', async () => {
    const { state, clock } = givenState();
    const run = state.run('run', { ttl: '1m' });
    await run.step('one', () => 1);
    const { promise, resolve } = Promise.withResolvers<number>();
    const step = run.step('two', () => promise);
    await clock.advance(60_000);
    resolve(2);
    expect(await codeOf(() => step)).toBe('run_lost');
    expect(await run.state()).toBeUndefined();
  });

  it('stays for its ttl after the last change', async () => {
    const { state, clock } = givenState();
    for (let hour = 0; hour < 3; hour += 1) {
      await using run = state.run('run');
      await run.step(`step ${hour}`, () => hour);
      await clock.advance(23 * 3_600_000);
    }
    expect(Object.keys((await state.run('run').state())?.results ?? {})).toHaveLength(3);
    await clock.advance(3_600_000);
    expect(await state.run('run').state()).toBeUndefined();
  });
});
