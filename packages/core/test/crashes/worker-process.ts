import { randomUUID } from 'node:crypto';
import { storeFromUrl } from '../../src/index.ts';
import { createAgentState, type AgentRun } from '../../src/state/index.ts';
import type { EffectRequest } from './upstream.ts';
import { WRITES, type WorkerOrder } from './worker-life.ts';

// A worker that does one run of twenty steps, half of which do something that cannot be taken back. It tells its parent of
// each result that it was given; until it is killed.
process.once('message', (order: WorkerOrder) => void work(order));
process.send?.({ kind: 'ready' });

async function work(order: WorkerOrder): Promise<void> {
  const store = storeFromUrl(order.storeUrl);
  const state = createAgentState({ store, namespace: 'crashes' });
  const id = order.sabotage === 'new runs' ? `${order.run}, life ${order.life}` : order.run;
  const run = state.run(id, { owner: 'worker' });
  for (let write = 0; write < WRITES; write += 1) {
    tell(write * 2, await run.step('read', () => randomUUID()));
    tell(write * 2 + 1, await pay(run, order, write));
  }
  await run.complete('all paid');
  await store.close();
  process.send?.({ kind: 'done' }, () => process.disconnect());
}

function pay(run: AgentRun, order: WorkerOrder, write: number): Promise<string> {
  const { life, honoursKeys, upstreamUrl, sabotage } = order;
  const body = (idempotencyKey: string): EffectRequest => ({
    run: order.run,
    life,
    write,
    honoursKeys,
    idempotencyKey: sabotage === 'new keys' ? randomUUID() : idempotencyKey,
  });
  const send = async (key: string) =>
    (await fetch(upstreamUrl, { method: 'POST', body: JSON.stringify(body(key)) })).text();
  if (sabotage === 'no steps') return send(randomUUID());
  return run.step('write', ({ idempotencyKey }) => send(idempotencyKey));
}

function tell(step: number, value: string): void {
  process.send?.({ kind: 'result', step, value });
}
