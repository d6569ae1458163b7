import { startReplica, startValkey, type ValkeyServer } from '@keepstep/test-servers';

import type { Pace } from '../measure/pace.ts';
import { race } from '../measure/race.ts';
import { largeAnswer } from '../near-cache/tool.ts';
import { describeEnvironment } from '../report/environment.ts';
import type { Report, Verdict } from '../report/report.ts';
import { rowsOf } from '../report/rows.ts';
import type { Table } from '../report/table.ts';
import { bareReaders, pipelinedReaders } from './bare-readers.ts';
import { sharedChanges, sharedMisses } from './change-courses.ts';
import { crowdedResource } from './crowded-resource.ts';
import { keepstepReaders, keepstepScriptReaders } from './keepstep-readers.ts';
import { peers } from './peer-readers.ts';
import { oneByOne, together } from './reading-course.ts';
import { serverMemory } from './server-memory.ts';
import type { SharedCourse } from './shared-course.ts';
import type { SharedReader } from './shared-reader.ts';
import { besideGet, besidePipeline, crowdedInvalidation } from './verdicts.ts';

const PACKAGES = [
  '@keepstep/core',
  'iovalkey',
  'async-cache-dedupe',
  'bentocache',
  'cacheable',
  '@keyv/valkey',
  'keyv',
];

/** Compares what a call costs that is answered from a Valkey server, or changes what is there, with bare commands and peers. */
export async function sharedStore(pace: Pace, onTable: (table: Table) => void): Promise<Report> {
  await using alone = await startValkey();
  await using primary = await startValkey();
  await using _replica = await startReplica(primary);
  // Its tables grow with what is counted, and with nothing else.
  await using empty = await startValkey();
  const environment = describeEnvironment(PACKAGES);
  const tables: Table[] = [];
  const add = (table: Table): Table => {
    tables.push(table);
    onTable(table);
    return table;
  };
  const measure = async (head: Omit<Table, 'unit' | 'rows'>, courses: readonly SharedCourse[]): Promise<Table> =>
    add({ ...head, unit: 'ns', rows: await hold(courses, pace) });
  const bytes = JSON.stringify(largeAnswer('user_1')).length;
  const hits = await measure(
    { id: 'hit', title: `Hit, one at a time: ${bytes} bytes of JSON, one of 512 entries`, note: P50 },
    await each([...bareReaders(alone), ...keepstepReaders(alone), ...peers.map((open) => open(alone))], (reader) =>
      oneByOne(alone, reader),
    ),
  );
  const apart = await measure(
    { id: 'hit-apart', title: `Hit, one at a time, each ${APART_MS} ms after the one before`, note: P50 },
    await each([...bareReaders(alone), ...keepstepReaders(alone)], (reader) => oneByOne(alone, reader, APART_MS)),
  );
  await measure(
    { id: 'hit-replicated', title: 'Hit, one at a time, on a server with a replica', note: P50 },
    await each([...bareReaders(primary), ...keepstepScriptReaders(primary)], (reader) => oneByOne(primary, reader)),
  );
  const crowds: Verdict[] = [];
  for (const [crowd, target] of CROWDS) {
    const table = await measure(
      { id: `hit-${crowd}`, title: `Hit, ${crowd} at once, cost of each` },
      await each(
        [...pipelinedReaders(alone), ...keepstepReaders(alone), ...peers.map((open) => open(alone))],
        (reader) => together(alone, reader, crowd),
      ),
    );
    crowds.push(...besidePipeline(table, crowd, target));
  }
  await measure({ id: 'miss', title: `Miss: ${bytes} bytes of JSON, the tool answers at once` }, sharedMisses(alone));
  await measure({ id: 'change', title: 'Change of one resource, known to all when it returns' }, sharedChanges(alone));
  const entries = pace.name === 'full' ? 1_000_000 : pace.memoryEntries;
  const crowded = add({
    id: 'invalidate-crowded',
    title: 'Invalidation: time that the server spends',
    unit: 'ns',
    rows: await crowdedResource(alone, entries, pace),
  });
  add({
    id: 'memory',
    title: 'Memory of the server, each',
    unit: 'bytes',
    rows: await serverMemory(empty, Math.min(pace.memoryEntries, 20_000)),
  });
  return {
    bench: 'shared-store',
    pace: pace.name,
    environment: { ...environment, packages: { ...environment.packages, 'valkey-server': await versionOf(alone) } },
    tables,
    verdicts: [
      ...besideGet(hits, 'one after the other'),
      ...besideGet(apart, `${APART_MS} ms apart`),
      ...crowds,
      crowdedInvalidation(crowded),
    ],
  };
}

/** Is how far apart the hits of an agent are that has to think in between: both sides fall asleep meanwhile. */
const APART_MS = 2;

/** Lists how many hits are asked for at once, and how much faster than pipelined GETs they are to be. */
const CROWDS = [
  [64, 2],
  [512, 4],
] as const;

function versionOf(server: ValkeyServer): Promise<string> {
  return server.info('valkey_version');
}

const P50 = 'Each figure is the median of a turn: what half of the hits take at most.';

async function each(
  readers: readonly SharedReader[],
  prepare: (reader: SharedReader) => Promise<SharedCourse>,
): Promise<SharedCourse[]> {
  const courses: SharedCourse[] = [];
  for (const reader of readers) courses.push(await prepare(reader));
  return courses;
}

async function hold(courses: readonly SharedCourse[], pace: Pace): Promise<Table['rows']> {
  try {
    const laps = await race(courses, pace);
    for (const course of courses) await course.verify();
    const entrants = courses.map(({ contender, package: from, note }) => ({ contender, package: from, note }));
    return rowsOf(entrants, laps);
  } finally {
    for (const course of courses) await course[Symbol.asyncDispose]();
  }
}
