import { memoryStore } from '@keepstep/core';
import { createAgentState, type DataStore } from '@keepstep/core/state';

import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls } from '../measure/stopwatch.ts';
import type { StateCourse } from './state-course.ts';

const PAGE = 100;

/** Lists namespaces of different sizes, of each of which one page of keys is read, somewhere in the middle. */
export async function pages(sizes: readonly number[]): Promise<StateCourse[]> {
  const courses: StateCourse[] = [];
  for (const size of sizes) {
    const data = createAgentState({ store: memoryStore() }).data('bench');
    await fill(data, size);
    courses.push(reading(data, size));
  }
  return courses;
}

async function fill(data: DataStore, size: number): Promise<void> {
  for (let start = 0; start < size; start += 10_000) {
    const count = Math.min(10_000, size - start);
    await data.setMany(new Map(Array.from({ length: count }, (_, index) => [keyOf(start + index), index])));
  }
}

function reading(data: DataStore, size: number): StateCourse {
  const sink = new Sink();
  const contender = `a page of ${PAGE} keys among ${size.toLocaleString('en-US')}`;
  const options = { prefix: 'key:', cursor: keyOf(size / 2), limit: PAGE };
  return {
    contender,
    name: contender,
    package: '@keepstep/core',
    run: (turns) => timeAwaitedCalls(() => data.keys(options), { next: () => undefined }, turns, sink),
    async verify() {
      const { keys } = await data.keys(options);
      if (keys.length !== PAGE || keys[0] !== keyOf(size / 2 + 1)) throw new Error(`${contender}: it is another page.`);
    },
  };
}

function keyOf(index: number): string {
  return `key:${String(index).padStart(8, '0')}`;
}
