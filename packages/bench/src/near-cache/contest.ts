import type { Contender, OpenCache, Task } from '../contenders/contender.ts';
import type { Pace } from '../measure/pace.ts';
import { race, type Racer } from '../measure/race.ts';
import { rowsOf } from '../report/rows.ts';
import type { Row } from '../report/table.ts';
import type { Argument } from './argument.ts';
import { Tool } from './tool.ts';

/** Says what the contenders of one table do. */
export interface Contest {
  readonly task: Omit<Task, 'load'>;
  readonly answer: (argument: Argument) => unknown;
  /** Gets an open cache ready and returns what is timed; a text says why it cannot take part. */
  readonly prepare: (cache: OpenCache, tool: Tool) => Promise<Course | string>;
}

/** Is what one contender does in a contest. */
export interface Course {
  readonly run: Racer['run'];
  readonly operationsPerTurn?: number;
  readonly reset?: Racer['reset'];
  /** Throws when what was timed is not what the table says. */
  readonly verify: () => void;
}

/** Opens a cache of each contender for itself, and measures them side by side. */
export async function hold(contest: Contest, contenders: readonly Contender[], pace: Pace): Promise<Row[]> {
  const entries = [];
  for (const contender of contenders) entries.push(await enter(contest, contender));
  const laps = await race(
    entries.flatMap(({ racer }) => racer ?? []),
    pace,
  );
  for (const { contender, course, cache } of entries) {
    try {
      course?.verify();
      cache?.verify?.();
    } catch (error) {
      throw new Error(`${contender.name} did not do what the table says.`, { cause: error });
    }
    await cache?.close?.();
  }
  let next = 0;
  return rowsOf(
    entries.map(({ contender, refusal }) => ({
      contender: contender.name,
      package: contender.package,
      note: refusal ?? contender.note,
    })),
    entries.map(({ racer }) => (racer === undefined ? undefined : laps[next++])),
  );
}

interface Entry {
  readonly contender: Contender;
  readonly cache?: OpenCache;
  readonly course?: Course;
  readonly racer?: Racer;
  readonly refusal?: string;
}

async function enter({ task, answer, prepare }: Contest, contender: Contender): Promise<Entry> {
  const tool = new Tool(answer);
  const cache = contender.open({ ...task, load: tool.load });
  if (typeof cache === 'string') return { contender, refusal: cache };
  const within = cache.within ?? ((work: () => Promise<number>) => work());
  let course: Course | string | undefined;
  await within(async () => {
    course = await prepare(cache, tool);
    return 0;
  });
  if (course === undefined || typeof course === 'string') {
    await cache.close?.();
    return { contender, refusal: course ?? 'not prepared' };
  }
  const { run, operationsPerTurn = 1, reset } = course;
  const racer: Racer = { name: contender.name, operationsPerTurn, reset, run: (turns) => within(() => run(turns)) };
  return { contender, cache, course, racer };
}
