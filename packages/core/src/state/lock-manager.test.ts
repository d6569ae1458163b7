import { describe, expect, it } from 'vitest';

import { codeOf, givenState } from '../../test/agent-state.ts';
import { refusal } from '../../test/refusal.ts';
import { createAgentState } from './create-agent-state.ts';
import type { StateLock } from './state-lock.ts';

describe('state.lock', () => {
  it('refuses a lock that somebody holds, and says who and for how long', async () => {
    const { state, clock } = givenState();
    await state.lock('file', { ttl: '10s', owner: 'worker 1' });
    await clock.advance(1_000);
    const error = await refusal(() => state.lock('file'));
    expect(error).toMatchObject({ code: 'lock_held', subject: 'file', owner: 'worker 1', remainingMs: 9_000 });
    expect(String(error)).toContain('The lock "file" is held by "worker 1", for another 9000 ms');
  });

  it('is free again after release, once', async () => {
    const { state } = givenState();
    const lock = await state.lock('file');
    expect([lock.name, lock.held]).toEqual(['file', true]);
    expect(await lock.release()).toBe(true);
    expect(await lock.release()).toBe(false);
    expect([lock.held, lock.signal.aborted]).toEqual([false, false]);
    await state.lock('file');
  });

  it('is freed by the end of the block that uses it, also when the block throws', async () => {
    const { state } = givenState();
    const work = async (): Promise<void> => {
      await using lock = await state.lock('file');
      throw new Error(`in the middle of ${lock.name}`);
    };
    await expect(work()).rejects.toThrow('in the middle of file');
    await state.lock('file');
  });

  it('does not free the lock of whoever came later', async () => {
    const { state, clock } = givenState();
    const stopped = await state.lock('file', { ttl: '1s', heartbeat: false });
    await clock.advance(1_000);
    const next = await state.lock('file');
    expect(await stopped.release()).toBe(false);
    expect(await codeOf(() => state.lock('file'))).toBe('lock_held');
    expect(next.fence).toBeGreaterThan(stopped.fence);
  });

  it('keeps the lock for as long as the work takes', async () => {
    const { state, clock } = givenState();
    const lock = await state.lock('file', { ttl: '3s' });
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1_000);
      expect(lock.held).toBe(true);
    }
    expect(await codeOf(() => state.lock('file'))).toBe('lock_held');
    await lock.release();
    await clock.advance(10_000);
    await state.lock('file', { heartbeat: false });
  });

  it('aborts the signal when the lease is over', async () => {
    const { state, clock } = givenState();
    const lock = await state.lock('file', { ttl: '1s', heartbeat: false });
    await clock.advance(999);
    expect([lock.held, lock.signal.aborted]).toEqual([true, false]);
    await clock.advance(1);
    expect([lock.held, lock.signal.aborted]).toEqual([false, true]);
    expect(lock.signal.reason).toMatchObject({ code: 'lock_lost', subject: 'file' });
    expect(await codeOf(() => lock.extend())).toBe('lock_lost');
  });

  it('is held to the end of a lease that is longer than a timer can be', async () => {
    const { store, clock } = givenState();
    // A timer of the machine ends after 24 days at the latest, whatever it was set for.
    const short = { ...clock, after: (ms: number, run: () => void) => clock.after(Math.min(ms, 1_000), run) };
    const lock = await createAgentState({ store, clock: short }).lock('file', { ttl: '10s', heartbeat: false });
    await clock.advance(9_999);
    expect([lock.held, lock.signal.aborted]).toEqual([true, false]);
    await clock.advance(1);
    expect(lock.signal.aborted).toBe(true);
  });

  it('aborts the signal when the store says that somebody else holds the lock', async () => {
    const { state, clock } = givenState();
    const lock = await state.lock('file', { ttl: '3s', owner: 'worker' });
    const next = await state.lock('file', { ttl: '3s', owner: 'worker' });
    expect(next.fence).toBeGreaterThan(lock.fence);
    await clock.advance(1_000);
    expect([lock.signal.aborted, next.signal.aborted]).toEqual([true, false]);
  });

  it('aborts the signal at the end of the lease when the store cannot be reached meanwhile', async () => {
    const { state, store, clock } = givenState();
    const lock = await state.lock('file', { ttl: '3s' });
    const fault = store.inject({ kind: 'reject', operations: 'locks.extend' });
    await clock.advance(2_999);
    expect(lock.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(lock.signal.aborted).toBe(true);
    fault.stop();
    expect(lock.held).toBe(false);
  });

  it('outlives a store that fails for less than the lease', async () => {
    const { state, store, clock } = givenState();
    const lock = await state.lock('file', { ttl: '3s' });
    const fault = store.inject({ kind: 'reject', operations: 'locks.extend' });
    await clock.advance(1_500);
    fault.stop();
    await clock.advance(60_000);
    expect(lock.held).toBe(true);
  });

  it('counts the lease from when the request was sent, not from when the answer came', async () => {
    const { state, store, clock } = givenState();
    const fault = store.inject({ kind: 'hold-reply', operations: 'locks.acquire' });
    const taking = state.lock('file', { ttl: '1s', heartbeat: false });
    await clock.advance(600);
    fault.stop();
    const lock = await taking;
    await clock.advance(400);
    expect(lock.held).toBe(false);
  });

  it('waits for a lock, and gets it when it is freed or its lease is over', async () => {
    const { state, clock } = givenState();
    const first = await state.lock('file');
    const waiting = state.lock('file', { wait: '5s', ttl: '1s', heartbeat: false });
    await clock.advance(100);
    await first.release();
    const second = await waiting;
    const next = state.lock('file', { wait: '5s' });
    await clock.advance(1_000);
    expect((await next).fence).toBeGreaterThan(second.fence);
  });

  it('gives the lock to those who wait in the order in which they came', async () => {
    const { state } = givenState({ seed: 5 });
    const order: number[] = [];
    const first = await state.lock('file');
    const waiting = Array.from({ length: 10 }, async (_, index) => {
      await using lock = await state.lock('file', { wait: '5s' });
      order.push(index);
      expect(lock.held).toBe(true);
    });
    await first.release();
    await Promise.all(waiting);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('ends the wait after its time, also for those who are not the first in the queue', async () => {
    const { state, clock } = givenState();
    const holder = await state.lock('file', { owner: 'holder' });
    const first = codeOf(() => state.lock('file', { wait: '10s' }));
    const second = codeOf(() => state.lock('file', { wait: '2s' }));
    await clock.advance(2_000);
    expect(await second).toBe('lock_held');
    await clock.advance(8_000);
    expect(await first).toBe('lock_held');
    await holder.release();
    expect(await state.locks.inspect('file')).toBeUndefined();
  });

  it('ends the wait when the signal says so, with the reason of the signal', async () => {
    const { state, clock } = givenState();
    const holder = await state.lock('file');
    const controller = new AbortController();
    const reason = new Error('the user has left');
    const waiting = refusal(() => state.lock('file', { wait: '1m', signal: controller.signal }));
    await clock.advance(10);
    controller.abort(reason);
    expect(await waiting).toBe(reason);
    expect(await refusal(() => state.lock('file', { wait: '1m', signal: controller.signal }))).toBe(reason);
    await holder.release();
    await clock.advance(1);
    expect(await state.locks.inspect('file')).toBeUndefined();
    expect(await refusal(() => state.lock('file', { signal: controller.signal }))).toBe(reason);
  });

  it('does not keep a lock that came after the end of the wait', async () => {
    const { state, store, clock } = givenState();
    const fault = store.inject({ kind: 'hold-reply', operations: 'locks.acquire' });
    const waiting = codeOf(() => state.lock('file', { wait: '1s' }));
    await clock.advance(1_000);
    expect(await waiting).toBe('lock_held');
    fault.stop();
    await clock.advance(1);
    expect(await state.locks.inspect('file')).toBeUndefined();
  });

  it('lets one holder work at a time, however many want to', async () => {
    const { state, clock } = givenState({ seed: 11 });
    let [working, most, turns] = [0, 0, 0];
    const work = Array.from({ length: 30 }, async () => {
      await using lock: StateLock = await state.lock('file', { wait: '1h' });
      working += 1;
      most = Math.max(most, working);
      for (let step = 0; step < 5; step += 1) await Promise.resolve();
      working -= 1;
      turns += lock.held ? 1 : 0;
    });
    await Promise.all(work);
    expect([most, turns]).toEqual([1, 30]);
    expect(clock.now()).toBe(1_700_000_000_000);
  });

  it('sets no timer that outlives the lock', async () => {
    const { state, clock } = givenState();
    const lock = await state.lock('file');
    await lock.release();
    await clock.advance(60_000);
    expect(clock.pending()).toBe(0);
  });

  it.each([
    ['name', '', {}],
    ['ttl', 'file', { ttl: 0 }],
    ['wait', 'file', { wait: -1 }],
    ['signal', 'file', { signal: {} }],
    ['owner', 'file', { owner: '' }],
    ['heartbeat', 'file', { heartbeat: 'yes' }],
    ['timeout', 'file', { timeout: '1s' }],
  ])('refuses a bad %s: %j, %j', async (name, lock, options) => {
    const error = await refusal(() => givenState().state.lock(lock, options as never));
    expect(String(error)).toMatch(new RegExp(`Invalid (option|argument) "${name}": received .+, allowed: .+`));
  });
});
