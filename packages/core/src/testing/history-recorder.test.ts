import { describe, expect, it } from 'vitest';

import { findStaleReads } from './history-checker.ts';
import { HistoryRecorder } from './history-recorder.ts';

describe('a history recorder', () => {
  it('gives every record a time of its own, in the order of the calls', () => {
    const recorder = new HistoryRecorder();
    const finish = recorder.startRead();
    recorder.invalidated('cart', 2);
    finish('cart', 1);
    recorder.startRead()('cart', 1);
    expect(recorder.reads).toEqual([
      ['cart', 1, 1],
      ['cart', 1, 3],
    ]);
    expect(recorder.invalidations).toEqual([['cart', 2, 2]]);
    expect(findStaleReads(recorder)).toHaveLength(1);
  });

  it('takes down each resource that a read saw, at the time the read was started', async () => {
    const times = [10, 20];
    const recorder = new HistoryRecorder(() => times.shift() as number);
    const result = await recorder.read(
      async () => ({ cart: 4, price: 7 }),
      ({ cart, price }) => ({ cart, price }),
    );
    expect(result).toEqual({ cart: 4, price: 7 });
    expect(recorder.reads).toEqual([
      ['cart', 4, 10],
      ['price', 7, 10],
    ]);
  });

  it('takes down nothing of a read that fails', async () => {
    const recorder = new HistoryRecorder();
    const failing = recorder.read(
      () => Promise.reject(new Error('the tool is down')),
      () => ({ cart: 1 }),
    );
    await expect(failing).rejects.toThrow('the tool is down');
    expect(recorder.reads).toEqual([]);
  });
});
