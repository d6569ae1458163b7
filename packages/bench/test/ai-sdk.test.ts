import { beforeAll, describe, expect, it } from 'vitest';

import type { Report } from '../src/report/report.ts';
import { runMain } from './run-main.ts';

describe('ai-sdk --quick --json', () => {
  let report: Report;
  let exitCode: number;

  beforeAll(async () => {
    const end = await runMain('ai-sdk', '--quick', '--json');
    ({ exitCode } = end);
    report = JSON.parse(end.stdout) as Report;
  });

  it('ends well', () => {
    expect(exitCode).toBe(0);
  });

  it('measures Keepstep and its peer in every table', () => {
    const contenders = report.tables.map(({ id, rows }) => [id, rows.map((row) => row.package)]);
    expect(contenders).toEqual([
      ['tool-hit', ['@keepstep/ai-sdk', '@keepstep/ai-sdk', '@keepstep/ai-sdk', '@ai-sdk-tools/cache']],
      ['tool-miss', [undefined, '@keepstep/ai-sdk', '@keepstep/ai-sdk', '@keepstep/ai-sdk', '@ai-sdk-tools/cache']],
      ['stream-replay', [undefined, 'ai', '@keepstep/ai-sdk']],
    ]);
    for (const { rows } of report.tables) for (const { figure } of rows) expect(figure?.median).toBeGreaterThan(0);
  });

  it('comes to a verdict on hits, misses and replays', () => {
    expect(report.verdicts.map(({ id }) => id)).toEqual(['hit-beside-peer', 'miss-overhead', 'replay-beside-array']);
    for (const { value } of report.verdicts) expect(Number.isFinite(value)).toBe(true);
  });
});
