import type { Entrant } from '../report/table.ts';

/** Names an operation that agents do often; `lock` is taking a lock and freeing it, `follow` the way of an entry to a reader. */
export type StateOperation = 'step' | 'append' | 'follow' | 'increment' | 'set' | 'get' | 'lock';

/** Is somebody who does the operations on one store: Keepstep, or whoever speaks to the store without it. */
export interface StateWorker extends Entrant, AsyncDisposable {
  readonly operations: Readonly<Record<StateOperation, () => Promise<unknown>>>;
  /** Counts the commands that were sent to a server so far; undefined where there is none. */
  readonly sent?: () => number;
  /** Returns what the store holds after all: the sum of the increments, and how many steps and entries there are. */
  readonly holds: () => Promise<Readonly<Record<'increment' | 'append' | 'step', number>>>;
}

/** Is what is appended and recorded: what a tool returns that returns little. */
export const RECORD = { text: 'x'.repeat(80) };

let records = 0;

/** Returns a record that is not like the one before: to write the same once more costs some stores nothing. */
export function nextRecord(): unknown {
  records += 1;
  return { ...RECORD, record: records };
}

/** Is how many entries a log keeps, and how many steps a run has before another one begins. */
export const LOG_LENGTH = 10_000;
export const RUN_STEPS = 1_000;
