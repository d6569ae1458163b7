import { describe, expect, it } from 'vitest';

import { manualClock } from '../../testing/manual-clock.ts';
import { withinBudget } from './store-deadline.ts';

describe('an answer within a budget', () => {
  it('is passed on, a failure too', async () => {
    const options = { clock: manualClock(), budgetMs: 100, operation: 'get' };
    expect(await withinBudget(Promise.resolve('here'), options)).toBe('here');
    await expect(withinBudget(Promise.reject(new Error('no')), options)).rejects.toThrow('no');
  });

  it('that does not come is an error which says that it may still be done, and goes elsewhere when it is late', async () => {
    const clock = manualClock();
    const { promise, resolve } = Promise.withResolvers<string>();
    const late: string[] = [];
    const answer = withinBudget(promise, { clock, budgetMs: 100, operation: 'acquire' }, (value) => late.push(value));
    const [refusal] = await Promise.allSettled([answer, clock.advance(100)]);
    expect(refusal).toMatchObject({
      reason: {
        code: 'store_timeout',
        message: 'Valkey has not answered "acquire" within 100 ms; it may still do it.',
      },
    });
    resolve('granted');
    await Promise.resolve();
    expect(late).toEqual(['granted']);
  });
});
