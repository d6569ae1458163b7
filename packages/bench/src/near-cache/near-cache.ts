import type { Sharing } from '../contenders/contender.ts';
import { contenders, memories } from '../contenders/contenders.ts';
import { keepstepReadInSession } from '../contenders/keepstep-read.ts';
import type { Pace } from '../measure/pace.ts';
import { describeEnvironment } from '../report/environment.ts';
import type { Report } from '../report/report.ts';
import type { Table } from '../report/table.ts';
import { argumentOf, type ArgumentForm } from './argument.ts';
import { hold, type Contest } from './contest.ts';
import { CROWD, crowds } from './crowds.ts';
import { keyOfArguments, loopCheck } from './hit-parts.ts';
import { hits } from './hits.ts';
import { memoryPerEntry } from './memory.ts';
import { misses } from './misses.ts';
import { largeAnswer, smallAnswer, textAnswer } from './tool.ts';
import { fasterThanRivals, hitInSession } from './verdicts.ts';

const PACKAGES = ['@keepstep/core', 'async-cache-dedupe', 'bentocache', 'cacheable', 'keyv', 'lru-cache'];
const MAX_ENTRIES = 10_000;

/** Compares what a call costs that is answered in this process: in time, and in memory. */
export async function nearCache(pace: Pace, onTable: (table: Table) => void): Promise<Report> {
  const environment = describeEnvironment(PACKAGES);
  const tables: Table[] = [];
  const add = <T extends Table>(table: T): T => {
    tables.push(table);
    onTable(table);
    return table;
  };
  const measure = async (head: Omit<Table, 'unit' | 'rows'>, contest: Contest): Promise<Table> =>
    add({ ...head, unit: 'ns', rows: await hold(contest, contenders, pace) });

  const textHits = await measure(
    { id: 'hit-text', title: 'Hit: text argument, text result', note: AT_ONCE },
    hits(taskOf('text', 'any'), textAnswer),
  );
  await measure(
    {
      id: 'hit-object-argument',
      title: `Hit: object argument ${JSON.stringify(argumentOf('object', 1))}, text result`,
    },
    hits(taskOf('object', 'any'), textAnswer),
  );
  const size = JSON.stringify(largeAnswer(argumentOf('text', 1))).length;
  for (const [sharing, handsOut] of HANDS_OUT) {
    await measure(
      { id: `hit-1kb-${sharing}`, title: `Hit: text argument, object result (${size} bytes of JSON), ${handsOut}` },
      hits(taskOf('text', sharing), largeAnswer),
    );
  }
  await measure(
    {
      id: 'miss',
      title: 'Miss: text argument, text result, the tool answers at once',
      note: `Caches with a bound (${MAX_ENTRIES} entries) are full, so that every miss makes room as well.`,
    },
    misses(taskOf('text', 'any'), textAnswer),
  );
  await measure(
    { id: 'single-flight', title: `Single flight: ${CROWD} identical reads at once, cost per caller` },
    crowds(taskOf('text', 'any'), textAnswer),
  );
  add(await loopCheck(pace));
  add(await keyOfArguments('text', pace));
  add(await keyOfArguments('object', pace));
  for (const [id, what, answer] of [
    ['memory-text', 'text result', textAnswer],
    ['memory-object', `object result ${JSON.stringify(smallAnswer('user_1'))}`, smallAnswer],
  ] as const) {
    const title = `Memory per entry, of ${pace.memoryEntries} entries: text argument, ${what}`;
    add({ id, title, unit: 'bytes', rows: await memoryPerEntry(answer, memories, pace) });
  }

  return {
    bench: 'near-cache',
    pace: pace.name,
    environment,
    tables,
    verdicts: [fasterThanRivals(textHits), hitInSession(textHits, keepstepReadInSession.name)],
  };
}

const AT_ONCE =
  'All are awaited but Map.get, lru-cache get and CacheableMemory.get, which answer at once and cannot load.';

const HANDS_OUT: readonly (readonly [Sharing, string])[] = [
  ['copy', 'each hit a copy of its own'],
  ['freeze', 'frozen'],
  ['share', 'the very object'],
];

function taskOf(argument: ArgumentForm, sharing: Sharing): Contest['task'] {
  return { argument, sharing, maxEntries: MAX_ENTRIES };
}
