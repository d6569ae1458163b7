import { setTimeout as sleep } from 'node:timers/promises';

import { storeFromUrl } from '../../src/index.ts';
import { createAgentState } from '../../src/state/index.ts';

// An agent of so many steps, of which every second one has an effect upstream. It may be killed at any point, and be started
// again with the same options until it is done.
const { url, runId, steps } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly url: string;
  readonly runId: string;
  readonly steps: number;
};

const state = createAgentState({ store: storeFromUrl(url) });
const run = state.run(runId, { owner: 'the only worker', wait: '5s' });
const replies = new Map<number, () => void>();
process.on('message', (step: number) => replies.get(step)?.());

/** Tells the parent, which is the upstream, and waits for its reply. */
async function charge(step: number, key: string): Promise<string> {
  const replied = new Promise<void>((resolve) => replies.set(step, resolve));
  process.send?.({ kind: 'charge', step, key });
  await replied;
  return `charged ${step}`;
}

process.send?.({ kind: 'ready' });
for (let step = 0; step < steps; step += 1) {
  await run.step(`step ${step}`, async ({ idempotencyKey }) => {
    await sleep(Math.random() * 2);
    return step % 2 === 0 ? `computed ${step}` : charge(step, idempotencyKey);
  });
  process.send?.({ kind: 'acknowledged', step });
}
await run.complete('done');
process.send?.({ kind: 'completed' });
process.exit(0);
