import { beforeAll, describe, expect, it } from 'vitest';

import type { Report } from '../src/report/report.ts';
import { runMain } from './run-main.ts';

describe('checkpointer --quick --json', () => {
  let report: Report;
  let exitCode: number;

  beforeAll(async () => {
    const end = await runMain('checkpointer', '--quick', '--json');
    ({ exitCode } = end);
    report = JSON.parse(end.stdout) as Report;
  });

  it('ends well', () => {
    expect(exitCode).toBe(0);
  });

  it('holds a figure for every checkpointer and operation', () => {
    const operations = report.tables.filter(({ id }) => !id.startsWith('growth'));
    expect(operations.map(({ id, rows }) => [id, rows.length])).toEqual(
      ['step', 'latest', 'list', 'delete'].map((id) => [id, 5]),
    );
    for (const { rows } of report.tables) for (const { figure } of rows) expect(figure?.median).toBeGreaterThan(0);
  });

  it('tells the time of a growing thread for all, and its bytes where they can be told', () => {
    const growth = report.tables.filter(({ id }) => id.startsWith('growth'));
    expect(growth.filter(({ unit }) => unit === 'ns')).toHaveLength(5);
    expect(growth.filter(({ unit }) => unit === 'bytes')).toHaveLength(3);
  });

  it('sends one command to Valkey for a put, and one for a putWrites', () => {
    const commands = report.verdicts.filter(({ id }) => id.startsWith('commands'));
    expect(commands.map(({ id, value }) => [id, value])).toEqual([
      ['commands-put', 1],
      ['commands-putWrites', 1],
    ]);
  });
});
