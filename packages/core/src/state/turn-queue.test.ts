import { describe, expect, it } from 'vitest';

import { TurnQueue } from './turn-queue.ts';

describe('TurnQueue', () => {
  it('runs the tasks of one name one after the other, in order, also after one that fails', async () => {
    const queue = new TurnQueue();
    const log: string[] = [];
    const task = (name: string, fails: boolean) => async (): Promise<string> => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
    const settled = await Promise.allSettled([
      queue.run('x', task('one', false)),
      queue.run('x', task('two', true)),
      queue.run('x', task('three', false)),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(log).toEqual(['one begins', 'one ends', 'two begins', 'two ends', 'three begins', 'three ends']);
  });

  it('lets tasks of different names run at once', async () => {
    const queue = new TurnQueue();
    const { promise, resolve } = Promise.withResolvers<void>();
    const held = queue.run('x', () => promise);
    expect(await queue.run('y', async () => 'done')).toBe('done');
    resolve();
    await held;
  });
});
