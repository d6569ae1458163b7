import { beforeAll, describe, expect, it } from 'vitest';

import type { Report } from '../src/report/report.ts';
import { runMain } from './run-main.ts';

describe('shared-store --quick --json', () => {
  let report: Report;
  let exitCode: number;

  beforeAll(async () => {
    const end = await runMain('shared-store', '--quick', '--json');
    ({ exitCode } = end);
    report = JSON.parse(end.stdout) as Report;
  });

  it('ends well and says where its figures come from', () => {
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ bench: 'shared-store', pace: 'quick' });
    for (const version of Object.values(report.environment.packages)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(Object.keys(report.environment.packages)).toContain('valkey-server');
  });

  it('holds every table once, each with a figure for every row', () => {
    expect(report.tables.map(({ id, rows }) => [id, rows.length])).toEqual([
      ['hit', 11],
      ['hit-apart', 6],
      ['hit-replicated', 5],
      ['hit-64', 13],
      ['hit-512', 13],
      ['miss', 2],
      ['change', 3],
      ['invalidate-crowded', 2],
      ['memory', 3],
    ]);
    for (const { rows } of report.tables) {
      expect(rows[0]?.ratio).toBe(1);
      for (const { figure } of rows) expect(figure?.median).toBeGreaterThan(0);
    }
  });

  it('comes to the verdicts that were promised', () => {
    expect(report.verdicts.map(({ id }) => id)).toEqual([
      'hit-strict',
      'hit-without-copies',
      'hit-without-copies-bare',
      'hit-apart-strict',
      'hit-apart-without-copies',
      'hit-apart-without-copies-bare',
      'strict-64',
      'strict-frozen-64',
      'strict-512',
      'strict-frozen-512',
      'invalidate-crowded',
    ]);
    for (const { value } of report.verdicts) expect(value).toBeGreaterThan(0);
  });
});
