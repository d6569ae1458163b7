import { describe, expect, it } from 'vitest';

import { BEGINNING, VirtualTime } from './virtual-time.ts';

const newTime = (): VirtualTime => new VirtualTime((callback) => setImmediate(callback));

describe('VirtualTime', () => {
  it('jumps from event to event, and lets promises settle in between', async () => {
    const time = newTime();
    const seen: string[] = [];
    time.after(500, () => {
      seen.push(`at ${time.now - BEGINNING}`);
      void Promise.resolve().then(() => seen.push('promise'));
    });
    time.after(500, () => seen.push('next'));
    expect(await time.passUntil(() => seen.length === 3)).toBe(true);
    expect(seen).toEqual(['at 500', 'promise', 'next']);
  });

  it('tells that nothing is left which could ever happen', async () => {
    const time = newTime();
    time.after(10, () => undefined);
    expect(await time.passUntil(() => false)).toBe(false);
    expect(time.now - BEGINNING).toBe(10);
  });

  it('stops at a limit, and goes on from there', async () => {
    const time = newTime();
    let isDone = false;
    time.after(100, () => (isDone = true));
    expect(await time.passUntil(() => isDone, 60)).toBe(false);
    expect(time.now - BEGINNING).toBe(60);
    expect(await time.passUntil(() => isDone, 60)).toBe(true);
    expect(time.now - BEGINNING).toBe(100);
  });

  it('runs what is to come soon before the time moves on', async () => {
    const time = newTime();
    const seen: string[] = [];
    time.after(1, () => {
      time.soon(() => seen.push(`soon, at ${time.now - BEGINNING}`));
      time.soon(() => seen.push('never'))();
    });
    time.after(2, () => seen.push('later'));
    await time.passUntil(() => seen.length === 2);
    expect(seen).toEqual(['soon, at 1', 'later']);
  });

  it('gives each call a moment of its own', () => {
    const time = newTime();
    const moments = Array.from({ length: 100 }, () => time.moment());
    expect(new Set(moments).size).toBe(100);
    expect(moments).toEqual(moments.toSorted((one, other) => one - other));
  });
});
