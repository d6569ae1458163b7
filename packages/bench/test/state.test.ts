import { beforeAll, describe, expect, it } from 'vitest';

import type { Report } from '../src/report/report.ts';
import { runMain } from './run-main.ts';

describe('state --quick --json', () => {
  let report: Report;
  let exitCode: number;

  beforeAll(async () => {
    const end = await runMain('state', '--quick', '--json');
    ({ exitCode } = end);
    report = JSON.parse(end.stdout) as Report;
  });

  it('ends well and says where its figures come from', () => {
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ bench: 'state', pace: 'quick' });
    expect(Object.keys(report.environment.packages)).toEqual([
      '@keepstep/core',
      'better-sqlite3',
      'iovalkey',
      'valkey-server',
    ]);
  });

  it('holds every table once, each with a figure for every row', () => {
    const stores = ['memory', 'SQLite', 'Valkey'];
    const operations = ['step', 'append', 'follow', 'increment', 'set', 'get', 'lock'];
    expect(report.tables.map(({ id, rows }) => [id, rows.length])).toEqual(
      [
        ...stores.flatMap((store) => operations.map((operation) => `${store}-${operation}`)),
        ...stores.map((store) => `${store}-page`),
      ].map((id) => [id, 2]),
    );
    for (const { rows } of report.tables) for (const { figure } of rows) expect(figure?.median).toBeGreaterThan(0);
  });

  it('comes to the verdicts that were promised', () => {
    expect(report.verdicts.map(({ id }) => id)).toEqual(['memory-page', 'SQLite-page', 'Valkey-page']);
    for (const { value } of report.verdicts) expect(value).toBeGreaterThan(0);
  });
});
