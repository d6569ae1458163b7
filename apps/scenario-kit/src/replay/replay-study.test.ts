import { expect, it } from 'vitest';

import { studyReplays } from './replay-study.ts';
import type { RetailCall, RetailSession } from './retail-sessions.ts';

const read = (orderId: string): RetailCall => ({
  tool: 'get_order_details',
  args: { order_id: orderId },
  kind: 'read',
  reads: [['order', orderId]],
  writes: [],
  failed: false,
});
const cancel = (orderId: string, writes: RetailCall['writes'] = [['order', orderId]]): RetailCall => ({
  tool: 'cancel_pending_order',
  args: { order_id: orderId, reason: 'no longer needed' },
  kind: 'write',
  reads: [['order', orderId]],
  writes,
  failed: writes.length === 0,
});
const failing = (call: RetailCall): RetailCall => ({ ...call, failed: true });
const session = (...calls: RetailCall[]): RetailSession => ({ session: 'one', calls });

async function study(sessions: readonly RetailSession[]) {
  const { rows, isFresh } = await studyReplays(sessions, { seed: 1, storeUrl: undefined });
  const row = (invalidation: string, mode = 'in turn', concurrency = 1) =>
    rows.find((each) => each.invalidation === invalidation && each.mode === mode && each.concurrency === concurrency);
  return { rows, row, isFresh };
}

it('keeps what a write does not touch, as far as each policy can tell', async () => {
  const { row } = await study([session(read('1'), read('2'), cancel('1'), read('1'), read('2'))]);
  expect(row('none')).toMatchObject({ reads: 4, hits: 2, stale: 1 });
  expect(row('class')).toMatchObject({ reads: 4, hits: 0, stale: 0 });
  expect(row('declared')).toMatchObject({ reads: 4, hits: 1, stale: 0 });
  expect(row('entity')).toMatchObject({ reads: 4, hits: 1, stale: 0 });
});

it('lets a write that changed nothing invalidate nothing, where the policy knows', async () => {
  const { row } = await study([session(read('1'), cancel('1', []), read('1'))]);
  expect(row('entity')).toMatchObject({ hits: 1, stale: 0 });
  expect(row('declared')).toMatchObject({ hits: 0, stale: 0 });
});

it('never stores a read that failed', async () => {
  const { row } = await study([session(failing(read('9')), failing(read('9')))]);
  expect(row('entity')).toMatchObject({ reads: 2, hits: 0 });
});

it('catches the control and vouches for the rest only then', async () => {
  const changing = Array.from({ length: 12 }, () => session(read('1'), cancel('1'), read('1'), read('1')));
  const { rows, isFresh } = await study(changing);
  expect(rows.filter(({ invalidation }) => invalidation === 'none').every(({ stale }) => stale > 0)).toBe(true);
  expect(rows.filter(({ invalidation }) => invalidation !== 'none').every(({ stale }) => stale === 0)).toBe(true);
  expect(isFresh).toBe(true);
  expect((await study([session(read('1'), read('1'))])).isFresh).toBe(false);
});

it('lets calls overlap: some join a load, and loads that a write overtakes are not kept', async () => {
  const crowd = Array.from({ length: 40 }, () => session(read('1'), read('1'), cancel('1'), read('1')));
  const { row } = await study(crowd);
  expect(row('entity', 'in flight', 1)).toEqual({ ...row('entity'), mode: 'in flight' });
  const overlapping = row('entity', 'in flight', 64)!;
  expect(overlapping.coalesced).toBeGreaterThan(0);
  expect(overlapping.superseded).toBeGreaterThan(0);
  expect(overlapping.stale).toBe(0);
});

it('refuses recordings that its policies do not fit', async () => {
  const foreign = { ...read('1'), reads: [['invoice', '1']] };
  await expect(study([session(foreign)])).rejects.toThrow(
    'get_order_details declares [["order","1"]], and has read [["invoice","1"]].',
  );
});
