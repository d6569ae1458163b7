import type { Store } from '@keepstep/core';
import { createAgentState, type DataStore } from '@keepstep/core/state';

import type { Pace } from '../measure/pace.ts';
import { race } from '../measure/race.ts';
import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls } from '../measure/stopwatch.ts';
import { rowsOf } from '../report/rows.ts';
import type { Table } from '../report/table.ts';

const PAGE = 100;
const FILL_AT_ONCE = 1_000;

/** Is a store whose pages are measured. */
export interface PagedStore {
  readonly name: string;
  readonly store: Store;
  /** Tells what the server does for a page, where there is a server. */
  readonly workOf?: (page: () => Promise<unknown>) => Promise<unknown>;
}

/**
 * Measures a page of keys by prefix, somewhere in the middle of namespaces of different sizes.
 *
 * @throws Error when the server does more for one of them than for another
 */
export async function pageTable(
  { name: storeName, store, workOf }: PagedStore,
  sizes: readonly number[],
  pace: Pace,
): Promise<Table> {
  const sink = new Sink();
  const agent = createAgentState({ store, namespace: 'pages' });
  const readings: { readonly name: string; readonly read: () => Promise<unknown> }[] = [];
  const works = new Set<string>();
  for (const size of sizes) {
    const data = agent.data(`of ${size}`);
    await fill(data, size);
    const read = () => data.keys({ prefix: 'key:', cursor: keyOf(size / 2), limit: PAGE });
    const { keys } = await read();
    if (keys.length !== PAGE || keys[0] !== keyOf(size / 2 + 1)) throw new Error(`Of ${size}: it is another page.`);
    if (workOf !== undefined) works.add(JSON.stringify(await workOf(read)));
    readings.push({ name: `a page of ${PAGE} keys among ${size.toLocaleString('en-US')}`, read });
  }
  if (works.size > 1)
    throw new Error(`The number of keys has changed what the server does: ${[...works].join(', then ')}`);
  const racers = readings.map(({ name, read }) => ({
    name,
    run: (turns: number) => timeAwaitedCalls(read, { next: () => undefined }, turns, sink),
  }));
  const laps = await race(racers, pace);
  const [work] = works;
  const entrants = readings.map(({ name }) => ({ contender: name, package: '@keepstep/core', note: work }));
  return { id: `${storeName}-page`, title: `data.keys, on ${storeName}`, unit: 'ns', rows: rowsOf(entrants, laps) };
}

async function fill(data: DataStore, size: number): Promise<void> {
  for (let start = 0; start < size; start += FILL_AT_ONCE) {
    const count = Math.min(FILL_AT_ONCE, size - start);
    await data.setMany(new Map(Array.from({ length: count }, (_, index) => [keyOf(start + index), index])));
  }
}

function keyOf(index: number): string {
  return `key:${String(index).padStart(8, '0')}`;
}
