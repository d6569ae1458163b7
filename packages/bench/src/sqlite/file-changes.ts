import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls, timeCalls, type InputReel } from '../measure/stopwatch.ts';
import { largeAnswer, Tool } from '../near-cache/tool.ts';
import { benchFile } from './bench-file.ts';
import { keepstepFile } from './keepstep-file.ts';
import { PlainTable } from './plain-table.ts';
import type { SqliteCourse } from './sqlite-course.ts';

/** Hands out a user that nobody has asked for yet. */
class NewUserReel implements InputReel<string> {
  handedOut = 0;

  next(): string {
    this.handedOut += 1;
    return `user_${this.handedOut}`;
  }
}

/** Lists those who store a result that was not there. */
export function fileMisses(): SqliteCourse[] {
  return [replacing('better-sqlite3 REPLACE', 'one transaction', 'NORMAL'), missing()];
}

/** Lists those who make a change that survives a power cut. */
export function fileInvalidations(): SqliteCourse[] {
  return [replacing('better-sqlite3 REPLACE, synchronous FULL', 'one transaction', 'FULL'), invalidating()];
}

function replacing(name: string, note: string, synchronous: 'NORMAL' | 'FULL'): SqliteCourse {
  const file = benchFile();
  const table = new PlainTable(file.path, synchronous);
  const users = new NewUserReel();
  const sink = new Sink();
  const replace = (user: string): true => {
    table.replace(user, JSON.stringify(largeAnswer(user)));
    return true;
  };
  return {
    contender: name,
    name,
    package: 'better-sqlite3',
    note,
    run: async (turns) => timeCalls(replace, users, turns, sink),
    verify() {
      if (table.select(`user_${users.handedOut}`) === undefined) throw new Error(`${name}: the last one is not there.`);
    },
    [Symbol.dispose]() {
      table.close();
      file[Symbol.dispose]();
    },
  };
}

function missing(): SqliteCourse {
  const tool = new Tool(largeAnswer);
  const file = keepstepFile(tool);
  const users = new NewUserReel();
  const sink = new Sink();
  const name = 'Keepstep cache.read, a miss';
  return {
    contender: name,
    name,
    package: '@keepstep/core',
    note: 'two transactions: the lease with its stamp, and the commit',
    run: (turns) => timeAwaitedCalls(file.read, users, turns, sink),
    verify() {
      if (tool.calls !== users.handedOut) throw new Error(`${name}: ${tool.calls} loads for ${users.handedOut} calls.`);
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

function invalidating(): SqliteCourse {
  const file = keepstepFile(new Tool(largeAnswer));
  const users = new NewUserReel();
  const sink = new Sink();
  const name = 'Keepstep cache.invalidate';
  const invalidate = async (user: string): Promise<true> => {
    await file.cache.invalidate(['cart', user]);
    return true;
  };
  return {
    contender: name,
    name,
    package: '@keepstep/core',
    note: 'one transaction, 4 tags',
    run: (turns) => timeAwaitedCalls(invalidate, users, turns, sink),
    verify() {
      if (file.cache.metrics().invalidations < users.handedOut) throw new Error(`${name}: some were not counted.`);
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}
