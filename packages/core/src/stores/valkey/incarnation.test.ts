import { describe, expect, it } from 'vitest';

import { readIncarnation } from './incarnation.ts';

const ALONE: Readonly<Record<string, string>> = {
  run_id: 'a'.repeat(40),
  role: 'master',
  connected_slaves: '0',
  master_replid: 'b'.repeat(40),
  master_repl_offset: '0',
  repl_backlog_active: '0',
};

function info(fields: Readonly<Record<string, string>>): string {
  return ['# Server', ...Object.entries(fields).map(([name, value]) => `${name}:${value}`), ''].join('\r\n');
}

describe('the incarnation of a server', () => {
  it('is a number between 2^51 and 2^52 that its two ids make', () => {
    const { fence, isReplicated } = readIncarnation(info(ALONE));
    expect(isReplicated).toBe(false);
    expect(Number(fence)).toBeGreaterThanOrEqual(2 ** 51);
    expect(Number(fence)).toBeLessThan(2 ** 52);
    expect(readIncarnation(info({ ...ALONE, run_id: 'c'.repeat(40) })).fence).not.toBe(fence);
    expect(readIncarnation(info({ ...ALONE, master_replid: 'c'.repeat(40) })).fence).not.toBe(fence);
  });

  it.each([
    ['that is a replica', { role: 'slave' }],
    ['that has one', { connected_slaves: '1' }],
    ['that had one', { master_repl_offset: '14' }],
    ['that keeps what it would send to one', { repl_backlog_active: '1' }],
    ['that does not say', { run_id: '' }],
  ])('of a server %s is left to the scripts', (_, fields) => {
    expect(readIncarnation(info({ ...ALONE, ...fields }))).toEqual({ fence: '', isReplicated: true });
  });
});
