import type { Contender, OpenCache } from '../contenders/contender.ts';
import { heapGrowth } from '../measure/heap.ts';
import type { Pace } from '../measure/pace.ts';
import { rowsOf } from '../report/rows.ts';
import type { Entrant, Row } from '../report/table.ts';
import { argumentOf, type Argument } from './argument.ts';
import { Tool } from './tool.ts';

/**
 * Measures the memory that each entry takes: its key, its result, and what the cache adds.
 *
 * Every key and every result is made for the cache that is being filled, so that nothing is shared and all of it counts.
 */
export async function memoryPerEntry(
  answer: (argument: Argument) => unknown,
  contenders: readonly Contender[],
  pace: Pace,
): Promise<Row[]> {
  const entrants: Entrant[] = [];
  const laps: number[][] = [];
  for (const contender of contenders) {
    const { name, package: home } = contender;
    // The first time compiles, and what compiled code takes is no entry's.
    const { sharing } = await fill(contender, answer, 1000);
    const figures: number[] = [];
    for (let round = 0; round < pace.memoryRounds; round += 1) {
      let cache: OpenCache | undefined;
      const growth = await heapGrowth(async () => ({ cache } = await fill(contender, answer, pace.memoryEntries)));
      figures.push(growth / pace.memoryEntries);
      await cache?.close?.();
    }
    entrants.push({
      contender: name,
      package: home,
      note: sharing === 'copy' ? 'keeps a copy' : 'keeps the very object',
    });
    laps.push(figures);
  }
  return rowsOf(entrants, laps);
}

async function fill(contender: Contender, answer: (argument: Argument) => unknown, entries: number) {
  const tool = new Tool(answer);
  const task = { argument: 'text', maxEntries: entries, load: tool.load } as const;
  let sharing: 'copy' | 'share' = 'copy';
  let cache = contender.open({ ...task, sharing });
  if (typeof cache === 'string') cache = contender.open({ ...task, sharing: (sharing = 'share') });
  if (typeof cache === 'string') throw new Error(`${contender.name}: ${cache}`);
  const put = (cache.fill ?? cache.read) as (argument: Argument) => Promise<unknown>;
  for (let number = 0; number < entries; number += 1) await put(argumentOf('text', number));
  const held = cache.hit(argumentOf('text', 0) as never);
  if (tool.calls !== entries || (await held) === undefined)
    throw new Error(`${contender.name} does not hold all entries.`);
  return { cache, sharing };
}
