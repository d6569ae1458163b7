import type { Pace } from '../measure/pace.ts';
import { race, type Racer } from '../measure/race.ts';
import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls } from '../measure/stopwatch.ts';
import { rowsOf } from '../report/rows.ts';
import type { Table } from '../report/table.ts';
import type { StateOperation, StateWorker } from './state-worker.ts';

const TITLES: Readonly<Record<StateOperation, string>> = {
  step: 'run.step, recorded with its event',
  append: 'log.append',
  follow: 'log.append, until a follower has it',
  increment: 'data.increment',
  set: 'data.set, 100 bytes',
  get: 'data.get, 100 bytes',
  lock: 'lock and release',
};

/** Is how many commands each operation may take that is measured on a server; the way to a follower takes those of the follower, too. */
const MOST_COMMANDS: Readonly<Record<StateOperation, number>> = {
  step: 1,
  append: 1,
  follow: 1,
  increment: 1,
  set: 1,
  get: 1,
  lock: 2,
};

/** Names the operations, in the order of the tables. */
const OPERATIONS = Object.keys(TITLES) as StateOperation[];

/**
 * Measures each operation on one store, each awaited before the next one: first by those who do without Keepstep.
 *
 * @throws Error when something is lost, or when an operation of Keepstep takes more commands than it may
 */
export async function operationTables(
  store: string,
  workers: readonly StateWorker[],
  pace: Pace,
  onTable: (table: Table) => void,
): Promise<void> {
  const turns = workers.map(() => new Map<StateOperation, number>());
  for (const operation of OPERATIONS) {
    const sink = new Sink();
    const racers = workers.map(({ contender, operations }, place): Racer => {
      const counts = turns[place] as Map<StateOperation, number>;
      return {
        name: contender,
        run(count) {
          counts.set(operation, (counts.get(operation) ?? 0) + count);
          return timeAwaitedCalls(operations[operation], { next: () => undefined }, count, sink);
        },
      };
    });
    const laps = await race(racers, pace);
    if (sink.missing > 0) throw new Error(`${operation} on ${store}: ${sink.missing} calls gave nothing.`);
    const entrants = workers.map(({ contender, package: from, note }) => ({ contender, package: from, note }));
    onTable({
      id: `${store}-${operation}`,
      title: `${TITLES[operation]}, on ${store}`,
      unit: 'ns',
      rows: rowsOf(entrants, laps),
    });
  }
  for (const [place, worker] of workers.entries()) {
    await verifyHeld(worker, turns[place] as Map<StateOperation, number>);
    await verifyCommands(worker);
  }
}

/** Whoever is fast because something was lost is not measured. */
async function verifyHeld({ contender, holds }: StateWorker, turns: ReadonlyMap<StateOperation, number>) {
  for (const [operation, held] of Object.entries(await holds())) {
    const made = turns.get(operation as StateOperation) ?? 0;
    if (held !== made) throw new Error(`${contender}: ${made} x ${operation} was called, and ${held} are there.`);
  }
}

async function verifyCommands({ contender, package: from, sent, operations }: StateWorker): Promise<void> {
  if (sent === undefined || from !== '@keepstep/core') return;
  for (const operation of OPERATIONS) {
    const counts: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      const before = sent();
      await operations[operation]();
      counts.push(sent() - before);
    }
    // A heartbeat, or the beginning of another run, may fall on one of them.
    const count = counts.toSorted((one, other) => one - other)[2] as number;
    const most = MOST_COMMANDS[operation];
    if (count > most) throw new Error(`${contender}: ${operation} took ${counts.join(', ')} commands, not ${most}.`);
  }
}
