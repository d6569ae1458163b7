import type { Racer } from '../measure/race.ts';
import type { Entrant } from '../report/table.ts';

/** Is one contender of a table, ready to be measured. */
export interface SharedCourse extends Entrant, Racer, AsyncDisposable {
  /** Throws when what was timed is not what the table says. */
  verify(): Promise<void> | void;
}
