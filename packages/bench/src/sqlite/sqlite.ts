import type { Pace } from '../measure/pace.ts';
import { race } from '../measure/race.ts';
import { largeAnswer } from '../near-cache/tool.ts';
import { describeEnvironment } from '../report/environment.ts';
import type { Report, Verdict } from '../report/report.ts';
import { rowsOf } from '../report/rows.ts';
import type { Table } from '../report/table.ts';
import { fileInvalidations, fileMisses } from './file-changes.ts';
import { fileHits, STRICT_HIT } from './file-hits.ts';
import type { SqliteCourse } from './sqlite-course.ts';

const PACKAGES = ['@keepstep/core', 'better-sqlite3'];

/** Compares what a call costs that is answered from a file, or changes it, with the bare statements. */
export async function sqlite(pace: Pace, onTable: (table: Table) => void): Promise<Report> {
  const environment = describeEnvironment(PACKAGES);
  const tables: Table[] = [];
  const measure = async (head: Omit<Table, 'unit' | 'rows'>, open: () => SqliteCourse[]): Promise<Table> => {
    const table: Table = { ...head, unit: 'ns', rows: await hold(open(), pace) };
    tables.push(table);
    onTable(table);
    return table;
  };
  const bytes = JSON.stringify(largeAnswer('user_1')).length;
  const hits = await measure({ id: 'hit', title: `Hit: ${bytes} bytes of JSON, one of 512 entries` }, fileHits);
  await measure({ id: 'miss', title: `Miss: ${bytes} bytes of JSON, the tool answers at once` }, fileMisses);
  await measure(
    {
      id: 'invalidate',
      title: 'Change that is on the disk when it returns',
      note: 'The file lies in the folder for temporary files: where that is memory, the disk costs nothing.',
    },
    fileInvalidations,
  );
  return { bench: 'sqlite', pace: pace.name, environment, tables, verdicts: [besideSelect(hits)] };
}

async function hold(courses: readonly SqliteCourse[], pace: Pace): Promise<Table['rows']> {
  try {
    const laps = await race(courses, pace);
    for (const course of courses) course.verify();
    const entrants = courses.map(({ contender, package: from, note }) => ({ contender, package: from, note }));
    return rowsOf(entrants, laps);
  } finally {
    for (const course of courses) course[Symbol.dispose]();
  }
}

/** Says how a strict hit compares with reading the same value by a bare statement. */
function besideSelect({ rows }: Table): Verdict {
  const strict = rows.find(({ contender }) => contender === STRICT_HIT)?.ratio as number;
  const parsed = rows.find(({ contender }) => contender === 'better-sqlite3 SELECT, JSON.parse')?.ratio as number;
  const value = strict / parsed;
  return {
    id: 'hit-beside-select',
    sentence: `strict hit: ${value.toFixed(2)} x a better-sqlite3 SELECT of the same value that is parsed as JSON`,
    value,
    target: '<= 1 x',
    met: value <= 1,
  };
}
