import { join } from 'node:path';
import { readmeOutput, runSampleProcess } from '@keepstep/scenario-kit/testing';
import { beforeAll, describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');

interface Row {
  readonly mode: string;
  readonly invalidation: string;
  readonly concurrency: number;
  readonly reads: number;
  readonly hits: number;
  readonly coalesced: number;
  readonly superseded: number;
  readonly stale: number;
  readonly answeredPercent: number;
  readonly reference?: { readonly hits: number; readonly stale: number };
}

let rows: readonly Row[];
let exitCode: number;

beforeAll(async () => {
  const run = await runSampleProcess(folder, ['--sessions', 'data', '--json']);
  exitCode = run.exitCode;
  rows = JSON.parse(run.stdout).replay.rows;
});

/** Returns one number of the replays with 1, 8 and 64 sessions at a time. */
const figures = (mode: string, invalidation: string, name: 'hits' | 'stale' | 'answeredPercent'): number[] =>
  rows.filter((row) => row.mode === mode && row.invalidation === invalidation).map((row) => row[name]);

describe('a replay of the recorded sessions', () => {
  it('serves nothing stale, whether calls take turns or overlap', () => {
    const cached = rows.filter(({ invalidation }) => invalidation !== 'none');
    expect(cached).toHaveLength(18);
    expect(cached.map(({ stale }) => stale)).toEqual(cached.map(() => 0));
    expect(exitCode).toBe(0);
  });

  it('hits as often as a cache can that knows what each write has changed', () => {
    expect(figures('in turn', 'entity', 'hits')).toEqual([291, 338, 339]);
    expect(figures('in turn', 'entity', 'answeredPercent')).toEqual([41, 47.7, 47.8]);
  });

  it('hits as often as a cache can that drops whole classes of data', () => {
    expect(figures('in turn', 'class', 'hits')).toEqual([211, 243, 180]);
    expect(figures('in turn', 'class', 'answeredPercent')).toEqual([29.8, 34.3, 25.4]);
  });

  it('hits more often with policies written by hand than with whole classes, and less often than knowing everything', () => {
    const declared = figures('in turn', 'declared', 'hits');
    expect(declared).toEqual([259, 303, 289]);
  });

  it('catches the control that invalidates nothing', () => {
    expect(figures('in turn', 'none', 'hits')).toEqual([375, 375, 375]);
    expect(figures('in turn', 'none', 'stale')).toEqual([98, 43, 49]);
    expect(figures('in flight', 'none', 'stale').every((stale) => stale > 0)).toBe(true);
  });

  it('agrees with the figures that were computed apart from it', () => {
    const compared = rows.filter(({ reference }) => reference !== undefined);
    expect(compared).toHaveLength(9);
    expect(compared.map(({ hits, stale }) => ({ hits, stale }))).toEqual(compared.map(({ reference }) => reference));
  });

  it('counts every read once', () => {
    expect(rows.map(({ reads }) => reads)).toEqual(rows.map(() => 709));
  });

  it('drops loads that a write has overtaken', () => {
    const overlapping = rows.filter(({ mode, invalidation }) => mode === 'in flight' && invalidation === 'class');
    expect(overlapping.reduce((sum, { superseded }) => sum + superseded, 0)).toBeGreaterThan(100);
    const inTurn = rows.filter(({ mode }) => mode === 'in turn');
    expect(inTurn.every(({ superseded, coalesced }) => superseded === 0 && coalesced === 0)).toBe(true);
  });

  it('prints what the README shows', async () => {
    const { stdout } = await runSampleProcess(folder, ['--', '--sessions', 'data']);
    expect(stdout).toBe(readmeOutput(folder, 'pnpm --filter @keepstep/shopping-agent demo -- --sessions data'));
  });

  it('takes another order with another seed, and is as fresh', async () => {
    const run = await runSampleProcess(folder, ['--sessions', 'data', '--seed', '7', '--json']);
    const { replay } = JSON.parse(run.stdout);
    expect(replay.isFresh).toBe(true);
    expect(replay.rows).not.toEqual(rows);
    expect(run.exitCode).toBe(0);
  });
});
