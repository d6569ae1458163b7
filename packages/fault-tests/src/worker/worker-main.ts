import { seededRandom } from '@keepstep/core/testing';

import type { SubjectModule } from '../subjects/subject.ts';
import type { Notice, Order, WorkPlan } from './messages.ts';
import { Source } from './source.ts';
import { Workload } from './workload.ts';

// Is a process of the crew: it does what it is told over the channel to its parent, and ends with it.

const BATCH_MS = 20;

let work: { readonly workload: Workload; end(): Promise<void> } | undefined;

process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    void tell({ type: 'problem', text: `a worker has failed: ${String((error as Error).stack ?? error)}` });
  });
});
process.on('disconnect', () => process.exit());
// The terminal sends it to all processes; the parent decides.
process.on('SIGINT', () => undefined);

async function obey(order: Order): Promise<void> {
  switch (order.type) {
    case 'begin':
      work = await begin(order.plan);
      await tell({ type: 'begun' });
      return;
    case 'flush':
      if (work !== undefined) await tell(work.workload.batch());
      await tell({ type: 'flushed', id: order.id });
      return;
    case 'end':
      await work?.end();
      work = undefined;
      await tell({ type: 'ended' });
  }
}

async function begin(plan: WorkPlan) {
  const random = seededRandom(plan.seed);
  const source = new Source(plan.sourceSocket, random);
  const { subject: module } = (await import(plan.subject)) as { readonly subject: SubjectModule };
  const { target, maxStalenessMs, barrierMs, deathRate } = plan;
  const load = (shelf: string, item: string): Promise<number> => source.load(shelf, item);
  const subject = await module.open({ target, load, maxStalenessMs, barrierMs, writersDie: deathRate > 0 });
  const workload = new Workload(subject, source, plan, random, tell);
  const timer = setInterval(() => void tell(workload.batch()), BATCH_MS);
  workload.start();
  return {
    workload,
    async end(): Promise<void> {
      await workload.stop();
      clearInterval(timer);
      await tell(workload.batch());
      await subject.close();
      source.close();
    },
  };
}

/** Resolves when the parent has it, as far as this process can tell. */
function tell(notice: Notice): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(notice, undefined, {}, () => resolve());
    else resolve();
  });
}
