import type { Pace } from './measure/pace.ts';
import type { Report } from './report/report.ts';
import type { Table } from './report/table.ts';

/** Is one bench: a question about speed or size that is answered side by side with others. */
export interface Bench {
  readonly name: string;
  /** Says what it measures, in one line. */
  readonly summary: string;
  /** Measures, and hands over each table as soon as it is there. */
  run(pace: Pace, onTable: (table: Table) => void): Promise<Report>;
}
