import type { Pace } from '../measure/pace.ts';
import { race } from '../measure/race.ts';
import { describeEnvironment } from '../report/environment.ts';
import type { Report, Verdict } from '../report/report.ts';
import { rowsOf } from '../report/rows.ts';
import type { Table } from '../report/table.ts';
import { operations } from './operations.ts';
import { pages } from './pages.ts';
import type { StateCourse } from './state-course.ts';

/** Measures what durable state costs in memory, where nothing but its own work counts, and whether a page costs what is on it. */
export async function state(pace: Pace, onTable: (table: Table) => void): Promise<Report> {
  const environment = describeEnvironment(['@keepstep/core']);
  const tables: Table[] = [];
  const measure = async (head: Pick<Table, 'id' | 'title'>, courses: readonly StateCourse[]): Promise<Table> => {
    const laps = await race(courses, pace);
    for (const course of courses) await course.verify();
    const entrants = courses.map(({ contender, package: from, note }) => ({ contender, package: from, note }));
    const table: Table = { ...head, unit: 'ns', rows: rowsOf(entrants, laps) };
    tables.push(table);
    onTable(table);
    return table;
  };
  await measure({ id: 'operation', title: 'One operation, in memory, awaited' }, operations());
  const sizes = pace.name === 'full' ? [1_000, 1_000_000] : [1_000, 20_000];
  const listing = await measure({ id: 'page', title: 'Keys by prefix, in memory' }, await pages(sizes));
  return { bench: 'state', pace: pace.name, environment, tables, verdicts: [besideSmall(listing, sizes)] };
}

/** Says how a page of many keys compares with a page of few. */
function besideSmall({ rows }: Table, sizes: readonly number[]): Verdict {
  const value = rows[1]?.ratio as number;
  const [few, many] = sizes.map((size) => size.toLocaleString('en-US'));
  return {
    id: 'page-of-many',
    sentence: `a page of keys among ${many}: ${value.toFixed(2)} x one among ${few}`,
    value,
    target: '<= 3 x',
    met: value <= 3,
  };
}
