import type { Spread } from '../measure/spread.ts';

/** Is one question, and what everybody who was asked has to say. */
export interface Table {
  readonly id: string;
  readonly title: string;
  /** Says how to read it, where the title does not. */
  readonly note?: string;
  readonly unit: 'ns' | 'bytes' | 'ppm';
  readonly rows: readonly Row[];
}

/** Is the answer of one contender. */
export interface Row {
  readonly contender: string;
  /** Names the package it comes from; undefined for the language's own. */
  readonly package?: string | undefined;
  /** Is null where the contender cannot do it. */
  readonly figure: Spread | null;
  /** Is the figure over that of the first row, the median of what it was in each round. */
  readonly ratio: number | null;
  /** Lists what was measured, round by round. */
  readonly rounds: readonly number[];
  /** Says what to know about the row, or why it has no figure. */
  readonly note?: string | undefined;
}

/** Is one of those whose figures make a table. */
export type Entrant = Pick<Row, 'contender' | 'package' | 'note'>;
