import { beforeAll, describe, expect, it } from 'vitest';

import type { Report } from '../src/report/report.ts';
import { runMain } from './run-main.ts';

describe('near-cache --quick --json', () => {
  let report: Report;
  let exitCode: number;

  beforeAll(async () => {
    const end = await runMain('near-cache', '--quick', '--json');
    ({ exitCode } = end);
    report = JSON.parse(end.stdout) as Report;
  });

  it('ends well and says where its figures come from', () => {
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ bench: 'near-cache', pace: 'quick' });
    expect(report.environment.node).toBe(process.versions.node);
    expect(Object.keys(report.environment.packages)).toEqual([
      '@keepstep/core',
      'async-cache-dedupe',
      'bentocache',
      'cacheable',
      'keyv',
      'lru-cache',
    ]);
    for (const version of Object.values(report.environment.packages)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('holds every table once', () => {
    expect(report.tables.map(({ id }) => id)).toEqual([
      'hit-text',
      'hit-object-argument',
      'hit-1kb-copy',
      'hit-1kb-freeze',
      'hit-1kb-share',
      'miss',
      'single-flight',
      'loop-check',
      'key-of-text',
      'key-of-object',
      'memory-text',
      'memory-object',
    ]);
  });

  it('compares every row with the first of its table', () => {
    for (const { rows } of report.tables) {
      expect(rows[0]?.ratio).toBe(1);
      for (const { figure, ratio, rounds } of rows.filter((row) => row.figure !== null)) {
        expect(figure?.min).toBe(Math.min(...rounds));
        expect(figure?.max).toBe(Math.max(...rounds));
        expect(ratio).toBeGreaterThan(0);
      }
    }
  });

  it('measures in at least 7 rounds', () => {
    for (const { rows } of report.tables.filter((table) => table.unit === 'ns')) {
      for (const { rounds } of rows.filter((row) => row.figure !== null)) expect(rounds).toHaveLength(7);
    }
  });

  it('says why a contender has no figure', () => {
    const absent = report.tables.flatMap(({ rows }) => rows).filter(({ figure }) => figure === null);
    expect(absent).not.toHaveLength(0);
    for (const row of absent) {
      expect(row).toMatchObject({ ratio: null, rounds: [] });
      expect(row.note).toBeTruthy();
    }
  });

  it('has a figure for every way into Keepstep in every table of hits', () => {
    for (const { rows } of report.tables.filter(({ id }) => id.startsWith('hit-'))) {
      const own = rows.filter((row) => row.package === '@keepstep/core');
      expect(own).toHaveLength(4);
      for (const { figure } of own) expect(figure?.median).toBeGreaterThan(0);
    }
  });

  it('comes to the two verdicts that were promised', () => {
    expect(report.verdicts.map(({ id }) => id)).toEqual(['faster-than-rivals', 'hit-in-session']);
    for (const { value } of report.verdicts) expect(value).toBeGreaterThan(0);
  });
});
