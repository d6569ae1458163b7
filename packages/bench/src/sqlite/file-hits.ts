import type { ToolCacheOptions } from '@keepstep/core';
import type { SqliteStoreOptions } from '@keepstep/core/sqlite';

import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls, timeCalls, type InputReel } from '../measure/stopwatch.ts';
import { CallReel } from '../near-cache/call-reel.ts';
import { largeAnswer, Tool } from '../near-cache/tool.ts';
import { benchFile } from './bench-file.ts';
import { keepstepFile } from './keepstep-file.ts';
import { PlainTable } from './plain-table.ts';
import type { SqliteCourse } from './sqlite-course.ts';

/** Lists those who answer from a file: the bare statement first, which is what the others are compared with. */
export function fileHits(): SqliteCourse[] {
  return [
    selecting('better-sqlite3 SELECT', 'the text, as it stands in the table', (text) => text),
    selecting('better-sqlite3 SELECT, JSON.parse', 'an object, as a tool returns it', (text) => JSON.parse(text)),
    reading('Keepstep cache.read, strict', 'a copy in the process, proved valid', {}),
    reading('Keepstep cache.read, maxStaleness 1s', 'a copy in the process', { consistency: { maxStaleness: '1s' } }),
    reading('Keepstep cache.read, without copies', 'read from the file and decoded', { maxCopies: 0 }),
  ];
}

/** Is the name of the row that the verdict is about. */
export const STRICT_HIT = 'Keepstep cache.read, strict';

function selecting(name: string, note: string, open: (text: string) => unknown): SqliteCourse {
  const file = benchFile();
  const table = new PlainTable(file.path, 'NORMAL');
  const calls = new CallReel('text');
  const sink = new Sink();
  for (const argument of calls.distinct) table.replace(argument as string, JSON.stringify(largeAnswer(argument)));
  return {
    contender: name,
    name,
    package: 'better-sqlite3',
    note,
    run: async (turns) =>
      timeCalls((key: string) => open(table.select(key) as string), calls as InputReel<string>, turns, sink),
    verify: () => verifyResults(sink),
    [Symbol.dispose]() {
      table.close();
      file[Symbol.dispose]();
    },
  };
}

function reading(
  name: string,
  note: string,
  options: Pick<ToolCacheOptions, 'consistency'> & Pick<SqliteStoreOptions, 'maxCopies'>,
): SqliteCourse {
  const tool = new Tool(largeAnswer);
  const file = keepstepFile(tool, options);
  const calls = new CallReel('text');
  const sink = new Sink();
  let isFilled = false;
  return {
    contender: name,
    name,
    package: '@keepstep/core',
    note,
    async run(turns) {
      if (!isFilled) for (const argument of calls.distinct) await file.read(argument as string);
      isFilled = true;
      return timeAwaitedCalls(file.read, calls as InputReel<string>, turns, sink);
    },
    verify() {
      verifyResults(sink);
      if (tool.calls !== calls.distinct.length) throw new Error(`${name}: ${tool.calls} calls reached the tool.`);
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

function verifyResults({ missing }: Sink): void {
  if (missing > 0) throw new Error(`${missing} hits had no result.`);
}
