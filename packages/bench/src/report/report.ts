import type { Environment } from './environment.ts';
import type { Table } from './table.ts';

/** Is all that a bench has to say. Everything in it is plain data, for `--json`. */
export interface Report {
  readonly bench: string;
  /** Tells whether the figures may be quoted: those of a quick run are rough. */
  readonly pace: 'full' | 'quick';
  readonly environment: Environment;
  readonly tables: readonly Table[];
  readonly verdicts: readonly Verdict[];
}

/** Is one sentence that the tables come down to, beside what was promised. */
export interface Verdict {
  readonly id: string;
  readonly sentence: string;
  readonly value: number;
  readonly target: string;
  readonly met: boolean;
}
