import { createToolCache, type ToolPolicy } from '@keepstep/core';
import { expect, it } from 'vitest';

import { untilStopped } from './stopped-run.ts';
import { throughCache } from './through-cache.ts';

const policy: ToolPolicy = { kind: 'read', resource: 'cart', scope: 'global' };

function given() {
  const passage = { cache: createToolCache(), policy, onAnswered: () => undefined };
  const { promise: begun, resolve: onBegun } = Promise.withResolvers<void>();
  const stop = new AbortController();
  /** Is a tool that listens to the signal of its run alone. */
  const look = (signal?: AbortSignal) =>
    throughCache({ toolName: 'look', args: [], signal }, passage, () =>
      untilStopped(signal, async () => {
        if (signal === undefined) return 'cart';
        onBegun();
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      }),
    );
  return { begun, look, stop };
}

it('runs a tool for a call when the run that it had joined is stopped', async () => {
  const { begun, look, stop } = given();
  const first = look(stop.signal);
  await begun;
  const second = look();
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort(new Error('The user has left.'));
  await expect(first).rejects.toThrow('The user has left.');
  expect(await second).toBe('cart');
});

it('hands on the error of a tool that has failed by itself to all who wait', async () => {
  const passage = { cache: createToolCache(), policy, onAnswered: () => undefined };
  let runs = 0;
  const fail = async () => {
    runs += 1;
    throw new Error('no cart');
  };
  const look = () => throughCache({ toolName: 'look', args: [] }, passage, () => untilStopped(undefined, fail));
  const answers = await Promise.allSettled([look(), look()]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(runs).toBe(1);
});
