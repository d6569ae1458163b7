import { createToolCache, type ToolCache } from '@keepstep/core';
import { valkeyStore } from '@keepstep/core/valkey';
import { RetailPolicies, type RetailCall } from '@keepstep/scenario-kit';

import { TOOL_FAILURE, type RetailNotice, type RetailOrder } from './retail-messages.ts';

// Is one of several processes that run the calls of recorded sessions; the tools themselves run in their parent.

let cache: ToolCache;
let policies: RetailPolicies;
const executing = new Map<number, PromiseWithResolvers<unknown>>();

process.on('message', (order: RetailOrder) => {
  if (order.type === 'open') {
    cache = createToolCache({ store: valkeyStore({ url: order.url, budget: '20s' }), namespace: order.namespace });
    policies = new RetailPolicies(order.invalidation);
    tell({ type: 'opened' });
  } else if (order.type === 'call') void run(order);
  else if (order.hasFailed) executing.get(order.id)?.reject(new Error(TOOL_FAILURE));
  else executing.get(order.id)?.resolve(order.value);
});
process.on('disconnect', () => process.exit());

async function run({ id, kind, call }: Extract<RetailOrder, { type: 'call' }>): Promise<void> {
  const policy = policies.of({ tool: call.toolName, kind } as RetailCall);
  try {
    const { status, value } = await cache.call(call, policy, () => {
      const execution = Promise.withResolvers<unknown>();
      executing.set(id, execution);
      tell({ type: 'execute', id });
      return execution.promise;
    });
    tell({ type: 'answered', id, status, value, metrics: cache.metrics() });
  } catch (error) {
    tell({ type: 'answered', id, failure: (error as Error).message, metrics: cache.metrics() });
  } finally {
    executing.delete(id);
  }
}

function tell(notice: RetailNotice): void {
  process.send?.(notice);
}
