import { spreadOf } from '../measure/spread.ts';
import { rowsOf } from '../report/rows.ts';
import type { Table } from '../report/table.ts';
import { GrowingThread } from './growing-thread.ts';
import type { Saver } from './savers.ts';

/** Returns the time and the bytes of a put, over the ten checkpoints up to each length of a thread. */
export async function growthTables(saver: Saver, lengths: readonly number[]): Promise<Table[]> {
  const thread = new GrowingThread(saver.saver, 'growing');
  const times: number[] = [];
  const sizes: number[] = [(await saver.size?.()) ?? 0];
  for (let step = 1; step <= (lengths.at(-1) as number); step += 1) {
    times.push(await thread.put());
    if (lengths.some((length) => step === length || step === length - 10)) sizes[step] = (await saver.size?.()) ?? 0;
  }
  const rows = lengths.map((length) => ({
    contender: `${saver.contender}, ${length} checkpoints`,
    package: saver.package,
  }));
  const tables: Table[] = [
    {
      id: `growth-time-${saver.contender}`,
      title: `put on a growing thread: ${saver.contender}`,
      unit: 'ns',
      rows: rowsOf(
        rows,
        lengths.map((length) => [spreadOf(times.slice(length - 10, length)).median]),
      ),
    },
  ];
  if (saver.size === undefined) return tables;
  const bytes = lengths.map((length) => [((sizes[length] as number) - (sizes[length - 10] as number)) / 10]);
  return [
    ...tables,
    {
      id: `growth-bytes-${saver.contender}`,
      title: `bytes per checkpoint: ${saver.contender}`,
      unit: 'bytes',
      rows: rowsOf(rows, bytes),
    },
  ];
}
