import { createToolCache } from '@keepstep/core';
import { valkeyStore } from '@keepstep/core/valkey';

import type { HerdNotice, HerdOrder } from './herd-messages.ts';

// Is one of several processes that all read the same. A load tells the parent, and returns when it is told to.

const [url = '', lease = '', namespace = ''] = process.argv.slice(2);
// On a machine under load, a process would not wait for a server that is slow to answer, and load for itself.
const store = valkeyStore({ url, lease: Number(lease), budget: '20s' });
const cache = createToolCache({ store, namespace });
let finish = Promise.withResolvers<void>();

const read = cache.read(
  async () => {
    tell({ type: 'loading' });
    await finish.promise;
    return process.pid;
  },
  { name: 'read', scope: 'global', resource: 'herd' },
);

process.on('message', (order: HerdOrder) => {
  if (order.type === 'read') void readAtOnce(order.times);
  else {
    finish.resolve();
    finish = Promise.withResolvers();
  }
});
process.on('disconnect', () => process.exit());

async function readAtOnce(times: number): Promise<void> {
  const values = await Promise.all(Array.from({ length: times }, () => read()));
  tell({ type: 'values', values });
}

function tell(notice: HerdNotice): void {
  process.send?.(notice);
}
