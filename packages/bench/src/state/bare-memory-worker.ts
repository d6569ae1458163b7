import { EntryWatch } from './entry-watch.ts';
import { LOG_LENGTH, nextRecord, RECORD, RUN_STEPS, type StateWorker } from './state-worker.ts';

/** Does the operations with maps and arrays: what an agent has that keeps its state to itself, and what loses it with the process. */
export function bareMemoryWorker(): StateWorker {
  const values = new Map<string, unknown>([['read', RECORD]]);
  const locks = new Set<string>();
  const watch = new EntryWatch();
  let run = new Map<number, unknown>();
  let log: unknown[] = [];
  let [steps, appended, followed] = [0, 0, 0];
  return {
    contender: 'maps and arrays',
    note: 'in async functions; nothing is copied, bounded or checked',
    operations: {
      async step() {
        if (run.size === RUN_STEPS) run = new Map();
        run.set(run.size, RECORD);
        return (steps += 1);
      },
      async append() {
        if (log.length === LOG_LENGTH) log = [];
        log.push({ type: 'note', data: RECORD });
        return (appended += 1);
      },
      async follow() {
        followed += 1;
        const seen = watch.until(followed);
        watch.saw(followed);
        return seen;
      },
      async increment() {
        const next = ((values.get('count') as number | undefined) ?? 0) + 1;
        values.set('count', next);
        return next;
      },
      set: async () => values.set('written', nextRecord()),
      get: async () => values.get('read'),
      async lock() {
        locks.add('bench');
        return locks.delete('bench');
      },
    },
    holds: async () => ({ increment: (values.get('count') as number | undefined) ?? 0, append: appended, step: steps }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
