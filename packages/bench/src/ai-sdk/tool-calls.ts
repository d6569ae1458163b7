import type { Pace } from '../measure/pace.ts';
import { race, type Racer } from '../measure/race.ts';
import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls } from '../measure/stopwatch.ts';
import { smallAnswer } from '../near-cache/tool.ts';
import { rowsOf } from '../report/rows.ts';
import type { Row } from '../report/table.ts';
import { cachedTools, type CachedTool } from './cached-tools.ts';
import { KnownInputs, NewInputs, type Input } from './input.ts';

const MAX_ENTRIES = 10_000;

/** Measures calls that are answered from the cache, one after the other. */
export async function toolHits(pace: Pace): Promise<Row[]> {
  return contest(
    pace,
    cachedTools.filter(({ isBare }) => isBare !== true),
    async (entrant) => {
      const source = countedTool();
      const execute = entrant.wrap(source.load, MAX_ENTRIES);
      const inputs = new KnownInputs();
      for (const input of inputs.distinct) await execute(input);
      const filled = source.calls();
      const sink = new Sink();
      return {
        run: (turns) => timeAwaitedCalls(execute, inputs, turns, sink),
        verify: () => expectNone(source.calls() - filled, 'calls were no hits'),
      };
    },
  );
}

/** Measures calls that nobody has made before: the tool runs, its result is stored, and an older one goes. */
export async function toolMisses(pace: Pace): Promise<Row[]> {
  const entrants = cachedTools.toSorted((one, other) => Number(other.isBare ?? false) - Number(one.isBare ?? false));
  return contest(pace, entrants, async (entrant) => {
    const source = countedTool();
    const execute = entrant.wrap(source.load, MAX_ENTRIES);
    const inputs = new NewInputs();
    const sink = new Sink();
    const run = (turns: number): Promise<number> => timeAwaitedCalls(execute, inputs, turns, sink);
    // Full from the start, so that every miss has to make room.
    await run(MAX_ENTRIES);
    return { run, verify: () => expectNone(inputs.handedOut - source.calls(), 'calls were no misses') };
  });
}

interface Course {
  readonly run: Racer['run'];
  readonly verify: () => void;
}

async function contest(
  pace: Pace,
  entrants: readonly CachedTool[],
  prepare: (entrant: CachedTool) => Promise<Course>,
): Promise<Row[]> {
  const courses: Course[] = [];
  for (const entrant of entrants) courses.push(await prepare(entrant));
  const laps = await race(
    courses.map(({ run }, place) => ({ name: entrants[place]?.contender ?? '', run })),
    pace,
  );
  for (const [place, { verify }] of courses.entries()) {
    try {
      verify();
    } catch (error) {
      throw new Error(`${entrants[place]?.contender} did not do what the table says.`, { cause: error });
    }
  }
  return rowsOf(
    entrants.map(({ contender, package: from, note }) => ({ contender, package: from, note })),
    laps,
  );
}

function countedTool(): { load: (input: Input) => Promise<unknown>; calls: () => number } {
  let calls = 0;
  return {
    calls: () => calls,
    async load({ userId }) {
      calls += 1;
      return smallAnswer(userId);
    },
  };
}

function expectNone(count: number, what: string): void {
  if (count !== 0) throw new Error(`${count} ${what}.`);
}
