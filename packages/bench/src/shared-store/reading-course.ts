import { setTimeout as pause } from 'node:timers/promises';

import type { ValkeyServer } from '@keepstep/test-servers';

import { spreadOf } from '../measure/spread.ts';
import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls } from '../measure/stopwatch.ts';
import type { InputReel } from '../measure/stopwatch.ts';
import { CallReel } from '../near-cache/call-reel.ts';
import { workOf } from './command-count.ts';
import type { SharedCourse } from './shared-course.ts';
import type { SharedReader } from './shared-reader.ts';

/**
 * Measures one hit at a time: a turn takes what the median of its hits takes, so that no pause of the machine counts.
 *
 * @param apartMs is how long nobody asks between two hits, in milliseconds, as when an agent thinks: everybody has to wake up
 */
export async function oneByOne(server: ValkeyServer, reader: SharedReader, apartMs = 0): Promise<SharedCourse> {
  return course(server, reader, 1, async (users, turns, sink) => {
    const times: number[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      if (apartMs > 0) await pause(apartMs);
      times.push(await timeAwaitedCalls(reader.read, users, 1, sink));
    }
    return spreadOf(times).median * turns;
  });
}

/** Measures many hits at once: a turn is over when all of them are there. */
export async function together(server: ValkeyServer, reader: SharedReader, crowd: number): Promise<SharedCourse> {
  const { read, readAll = (users) => Promise.all(users.map((user) => read(user))) } = reader;
  return course(server, reader, crowd, async (users, turns, sink) => {
    const startedAt = process.hrtime.bigint();
    for (let turn = 0; turn < turns; turn += 1) {
      for (const value of await readAll(Array.from({ length: crowd }, () => users.next()))) sink.take(value);
    }
    return Number(process.hrtime.bigint() - startedAt);
  });
}

async function course(
  server: ValkeyServer,
  reader: SharedReader,
  operationsPerTurn: number,
  run: (users: InputReel<string>, turns: number, sink: Sink) => Promise<number>,
): Promise<SharedCourse> {
  const { contender, package: from, note, commands } = reader;
  const calls = new CallReel('text');
  const users = calls as InputReel<string>;
  const sink = new Sink();
  await reader.fill(calls.distinct as readonly string[]);
  return {
    contender,
    name: contender,
    package: from,
    note,
    operationsPerTurn,
    run: (turns) => run(users, turns, sink),
    async verify() {
      if (sink.missing > 0) throw new Error(`${contender}: ${sink.missing} hits had no result.`);
      const found = await workOf(server, () => reader.read(users.next()));
      for (const [name, count] of Object.entries({ ...zeroes(found.commands), ...commands })) {
        const seen = found.commands[name] ?? 0;
        // What a script does inside is its own affair.
        const isInside = 'evalsha' in commands && name !== 'evalsha';
        if (seen !== count && !isInside) throw new Error(`${contender}: a hit took ${seen} x ${name}, not ${count}.`);
      }
    },
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}

function zeroes(commands: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.keys(commands).map((name) => [name, 0]));
}
