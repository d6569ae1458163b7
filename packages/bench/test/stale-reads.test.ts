import { beforeAll, describe, expect, it } from 'vitest';

import type { Report } from '../src/report/report.ts';
import { runMain } from './run-main.ts';

describe('stale-reads --quick --json', () => {
  let report: Report;

  beforeAll(async () => {
    report = JSON.parse((await runMain('stale-reads', '--quick', '--json')).stdout) as Report;
  });

  it('compares Keepstep with its peers on the same load', () => {
    const [{ rows }] = report.tables as [Report['tables'][0]];
    expect(rows.map((row) => row.package)).toEqual([
      '@keepstep/core',
      'async-cache-dedupe',
      'bentocache',
      'bentocache',
    ]);
    for (const { note } of rows) expect(note).toMatch(/^\d+ of \d{4,} reads, \d{2,} loads/);
  });

  it('finds nothing stale from Keepstep', () => {
    expect(report.verdicts).toMatchObject([{ id: 'nothing-stale', value: 0, met: true }]);
  });

  it('names the versions of those that take part', () => {
    const { packages } = report.environment;
    expect(packages).toMatchObject({ bentocache: expect.stringMatching(/^\d/), ioredis: expect.stringMatching(/^\d/) });
  });
});
