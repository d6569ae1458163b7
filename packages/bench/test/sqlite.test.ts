import { beforeAll, describe, expect, it } from 'vitest';

import type { Report } from '../src/report/report.ts';
import { runMain } from './run-main.ts';

describe('sqlite --quick --json', () => {
  let report: Report;
  let exitCode: number;

  beforeAll(async () => {
    const end = await runMain('sqlite', '--quick', '--json');
    ({ exitCode } = end);
    report = JSON.parse(end.stdout) as Report;
  });

  it('ends well and says where its figures come from', () => {
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ bench: 'sqlite', pace: 'quick' });
    expect(Object.keys(report.environment.packages)).toEqual(['@keepstep/core', 'better-sqlite3']);
  });

  it('holds every table once, each with a figure for every row', () => {
    expect(report.tables.map(({ id, rows }) => [id, rows.length])).toEqual([
      ['hit', 5],
      ['miss', 2],
      ['invalidate', 2],
    ]);
    for (const { rows } of report.tables) {
      expect(rows[0]).toMatchObject({ package: 'better-sqlite3', ratio: 1 });
      for (const { figure } of rows) expect(figure?.median).toBeGreaterThan(0);
    }
  });

  it('comes to the verdict that was promised', () => {
    expect(report.verdicts.map(({ id }) => id)).toEqual(['hit-beside-select']);
    expect(report.verdicts[0]?.value).toBeGreaterThan(0);
  });
});
