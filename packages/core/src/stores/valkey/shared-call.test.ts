import { describe, expect, it } from 'vitest';

import { SharedCall } from './shared-call.ts';

describe('a shared call', () => {
  it('is made once for all who ask in the same turn', async () => {
    let calls = 0;
    const shared = new SharedCall(async () => (calls += 1));
    expect(await Promise.all([shared.ask(), shared.ask(), shared.ask()])).toEqual([1, 1, 1]);
  });

  it('is made anew for whoever asks while it is under way', async () => {
    const answers: ((value: number) => void)[] = [];
    const shared = new SharedCall(() => new Promise<number>((resolve) => answers.push(resolve)));
    const first = shared.ask();
    await Promise.resolve();
    expect(answers.length).toBe(1);
    const second = shared.ask();
    await Promise.resolve();
    expect(answers.length).toBe(2);
    answers[0]?.(1);
    answers[1]?.(2);
    expect(await Promise.all([first, second])).toEqual([1, 2]);
  });

  it('passes a failure on to all who have asked, and to nobody after them', async () => {
    let isBroken = true;
    const shared = new SharedCall(async () => {
      if (isBroken) throw new Error('down');
      return 'up';
    });
    const asked = [shared.ask(), shared.ask()];
    for (const each of asked) await expect(each).rejects.toThrow('down');
    isBroken = false;
    expect(await shared.ask()).toBe('up');
  });
});
