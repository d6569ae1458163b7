import { startValkey } from '@keepstep/test-servers';

import type { Pace } from '../measure/pace.ts';
import { describeEnvironment } from '../report/environment.ts';
import type { Report } from '../report/report.ts';
import type { Table } from '../report/table.ts';
import { growthTables } from './growth.ts';
import { operationTables } from './operations.ts';
import { commandVerdicts } from './command-verdicts.ts';
import { startSavers } from './savers.ts';

/** Measures checkpointers beside each other, and whether a put costs the same however long its thread is. */
export async function checkpointer(pace: Pace, onTable: (table: Table) => void): Promise<Report> {
  await using server = await startValkey();
  const savers = startSavers(server);
  const tables: Table[] = [];
  try {
    tables.push(...(await operationTables(savers, pace)));
    const lengths = pace.name === 'full' ? [10, 100, 1000] : [10, 50];
    for (const saver of savers) tables.push(...(await growthTables(saver, lengths)));
    for (const table of tables) onTable(table);
  } finally {
    for (const saver of savers) await saver[Symbol.asyncDispose]();
  }
  const growing = tables.filter(({ id }) => id.startsWith('growth') && id.includes('Keepstep'));
  return {
    bench: 'checkpointer',
    pace: pace.name,
    environment: describeEnvironment(['@keepstep/langgraph']),
    tables,
    verdicts: [
      ...(await commandVerdicts(server)),
      ...growing.map(({ id, title, rows }) => {
        const value = rows.at(-1)?.ratio as number;
        return {
          id,
          sentence: `${title}: the longest thread costs ${value.toFixed(2)} x the shortest`,
          value,
          target: '<= 1.5 x',
          met: value <= 1.5,
        };
      }),
    ],
  };
}
