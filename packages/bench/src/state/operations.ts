import { memoryStore } from '@keepstep/core';
import { createAgentState, type AgentState } from '@keepstep/core/state';

import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls } from '../measure/stopwatch.ts';
import type { StateCourse } from './state-course.ts';

/** Lists the operations that agents do most, each awaited before the next one. */
export function operations(): StateCourse[] {
  const state = createAgentState({ store: memoryStore() });
  const data = state.data('bench');
  const log = state.log('bench');
  return [
    plainMap(),
    course(
      'data.increment',
      () => data.increment('count'),
      (turns) => expectNumber(data.get('count'), turns),
    ),
    course('data.get', () => data.get('count', 0)),
    course('data.set, 100 bytes', () => data.set('key', { text: 'x'.repeat(80) })),
    course(
      'log.append',
      () => log.append('note', { index: 1 }),
      (turns) => expectNumber(lengthOf(state), turns),
    ),
    stepping(state),
    course('lock and release', async () => (await state.lock('bench')).release()),
  ];
}

function course(
  contender: string,
  call: () => Promise<unknown>,
  check?: (turns: number) => Promise<void>,
): StateCourse {
  const sink = new Sink();
  let turns = 0;
  return {
    contender,
    name: contender,
    package: '@keepstep/core',
    run(count) {
      turns += count;
      return timeAwaitedCalls(call, { next: () => undefined }, count, sink);
    },
    async verify() {
      if (sink.missing > 0) throw new Error(`${contender}: ${sink.missing} of ${turns} calls gave nothing.`);
      await check?.(turns);
    },
  };
}

/** Records steps of a run; a new one now and then, because a run of a million steps is none that anybody has. */
function stepping(state: AgentState): StateCourse {
  let [steps, runs] = [0, 0];
  let run = state.run('bench 0');
  return course('run.step', async () => {
    if (steps % 1_000 === 999) {
      await run.complete();
      runs += 1;
      run = state.run(`bench ${runs}`);
    }
    steps += 1;
    return run.step('step', () => steps);
  });
}

/** Is what an agent without any of this does, and what loses increments as soon as something is awaited in between. */
function plainMap(): StateCourse {
  const counts = new Map<string, number>();
  const sink = new Sink();
  const count = async (): Promise<number> => {
    const next = (counts.get('count') ?? 0) + 1;
    counts.set('count', next);
    return next;
  };
  return {
    contender: 'a Map in an async function',
    name: 'plain map',
    note: 'nothing but the await',
    run: (turns) => timeAwaitedCalls(count, { next: () => undefined }, turns, sink),
    verify: async () => undefined,
  };
}

async function lengthOf(state: AgentState): Promise<number> {
  return (await state.log('bench').size()).lastId;
}

async function expectNumber(found: Promise<unknown>, expected: number): Promise<void> {
  if ((await found) !== expected) throw new Error(`${expected} calls were made, and ${String(await found)} are there.`);
}
