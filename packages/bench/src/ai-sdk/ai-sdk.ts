import type { Pace } from '../measure/pace.ts';
import { describeEnvironment } from '../report/environment.ts';
import type { Report, Verdict } from '../report/report.ts';
import type { Table } from '../report/table.ts';
import { PARTS, streamReplays } from './stream-replays.ts';
import { toolHits, toolMisses } from './tool-calls.ts';

const PACKAGES = ['@keepstep/ai-sdk', '@keepstep/core', '@ai-sdk-tools/cache', 'ai'];

/** Compares what caching costs a tool and a model of the AI SDK. */
export async function aiSdk(pace: Pace, onTable: (table: Table) => void): Promise<Report> {
  const environment = describeEnvironment(PACKAGES);
  const tables: Table[] = [];
  const add = (table: Table): Table => {
    tables.push(table);
    onTable(table);
    return table;
  };
  const hits = add({
    id: 'tool-hit',
    title: 'Hit: a tool of the SDK, called as the SDK does, its result a small object',
    unit: 'ns',
    rows: await toolHits(pace),
  });
  const misses = add({
    id: 'tool-miss',
    title: 'Miss: the tool answers at once, and its result is stored in place of an older one',
    unit: 'ns',
    rows: await toolMisses(pace),
  });
  const replays = add({
    id: 'stream-replay',
    title: `Replay: a streamed response of ${PARTS} parts, read to its end`,
    unit: 'ns',
    rows: await streamReplays(pace),
  });
  const verdicts = [hitBesidePeer(hits), missOverhead(misses), replayBesideArray(replays)];
  return { bench: 'ai-sdk', pace: pace.name, environment, tables, verdicts };
}

/** Says how a hit compares with the cache for tools of the SDK that is used most, like for like and as users get it. */
function hitBesidePeer({ rows }: Table): Verdict {
  const [, sharing] = rows;
  const peer = rows.find((row) => row.package === '@ai-sdk-tools/cache')?.ratio ?? Number.NaN;
  const value = peer / (sharing?.ratio ?? Number.NaN);
  const sentence = `hit of a tool, both handing out the very object: ${value.toFixed(2)} x faster than @ai-sdk-tools/cache; with a copy each, the default: ${peer.toFixed(2)} x`;
  return { id: 'hit-beside-peer', sentence, value, target: '>= 1 x', met: value >= 1 };
}

/** Says what a call costs more that finds nothing in the cache. */
function missOverhead({ rows: [bare, keepstep] }: Table): Verdict {
  const value = (keepstep?.figure?.median ?? Number.NaN) - (bare?.figure?.median ?? Number.NaN);
  const sentence = `a miss adds ${(value / 1000).toFixed(1)} µs to the tool`;
  return { id: 'miss-overhead', sentence, value, target: '< 50 µs', met: value < 50_000 };
}

/** Says how the replay of a stream compares with that of an array. */
function replayBesideArray({ rows }: Table): Verdict {
  const value = rows.find((row) => row.package === '@keepstep/ai-sdk')?.ratio ?? Number.NaN;
  const sentence = `replaying ${PARTS} parts takes ${value.toFixed(2)} x the time of a plain array`;
  return { id: 'replay-beside-array', sentence, value, target: '<= 2 x', met: value <= 2 };
}
