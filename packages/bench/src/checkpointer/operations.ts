import type { Pace } from '../measure/pace.ts';
import { rowsOf } from '../report/rows.ts';
import type { Table } from '../report/table.ts';
import { GrowingThread } from './growing-thread.ts';
import type { Saver } from './savers.ts';

/** Returns how long a step, a look-up, a list and the end of a thread of 100 checkpoints take, the checkpointers in turns. */
export async function operationTables(savers: readonly Saver[], pace: Pace): Promise<Table[]> {
  const titles = {
    step: 'put + putWrites',
    latest: 'the newest checkpoint',
    list: 'a list of 100',
    delete: 'deleteThread',
  };
  const laps = Object.keys(titles).map(() => savers.map((): number[] => []));
  for (let round = -1; round < pace.rounds; round += 1) {
    for (const [place, { saver }] of savers.entries()) {
      const thread = new GrowingThread(saver, `round ${round}`);
      const steps = await timeOf(async () => {
        for (let step = 0; step < 100; step += 1) {
          await thread.put();
          await thread.putWrites();
        }
      });
      const latest = await timeOf(async () => {
        if ((await saver.getTuple(thread.config)) === undefined) throw new Error('The thread has no checkpoint.');
      });
      const listed = await timeOf(async () => {
        let count = 0;
        for await (const _tuple of saver.list(thread.config, { limit: 100 })) count += 1;
        if (count !== 100) throw new Error(`The list has ${count} checkpoints in place of 100.`);
      });
      const deleted = await timeOf(() => saver.deleteThread(`round ${round}`));
      // The first round only warms up.
      if (round >= 0)
        for (const [row, time] of [steps / 100, latest, listed, deleted].entries()) laps[row]?.[place]?.push(time);
    }
  }
  return Object.entries(titles).map(([id, title], row) => ({
    id,
    title,
    unit: 'ns',
    rows: rowsOf(savers, laps[row] ?? []).map(withoutSaver),
  }));
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const startedAt = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - startedAt);
}

function withoutSaver({
  contender,
  package: from,
  figure,
  ratio,
  rounds,
}: Table['rows'][number]): Table['rows'][number] {
  return { contender, package: from, figure, ratio, rounds };
}
