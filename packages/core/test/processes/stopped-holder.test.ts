import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { seededRandom } from '../../src/testing/index.ts';
import { startChild, type Child } from '../sqlite/child.ts';
import { givenSharedStore, type SharedStore, type SharedStoreName } from './shared-store.ts';

/** Is longer than a busy machine keeps a process waiting: a holder must not lose its lease before it is stopped. */
const TTL_MS = 800;
const ROUNDS = 5;
const STEPS = 20;

interface Written {
  readonly fence: number;
  readonly accepted: number;
  readonly refusal: string | undefined;
}

interface Holders {
  readonly stopped: Child;
  readonly next: Child;
  readonly store: SharedStore;
}

async function startHolders(name: SharedStoreName, passesFence: boolean): Promise<Holders> {
  const store = await givenSharedStore(name, 0);
  const start = (holder: string) =>
    startChild('../processes/holder-process.ts', { url: store.url, name: holder, passesFence });
  return { stopped: await start('stopped'), next: await start('next'), store };
}

/** Resolves when a process says something of its own accord. */
function hears(child: Child, isIt: (message: object) => boolean): Promise<void> {
  return new Promise((resolve) => {
    child.process.on('message', function listen(message: object) {
      if (!isIt(message)) return;
      child.process.off('message', listen);
      resolve();
    });
  });
}

/** Stops a process; not in the middle of a transaction, where it would keep everybody else from going on. */
async function stop({ stopped, store }: Holders): Promise<void> {
  for (;;) {
    stopped.process.kill('SIGSTOP');
    await sleep(5);
    if (!store.isTaken()) return;
    stopped.process.kill('SIGCONT');
    await sleep(3);
  }
}

/** Stops the holder of a lock at some moment, lets another one take the lock and write, and lets the first one go on. */
async function stopHolder(holders: Holders, file: string, afterMs: number) {
  const { stopped, next } = holders;
  const writes = hears(stopped, (message) => 'writes' in message && message.writes === file);
  const late = stopped.ask<Written>({ do: 'write', file, ttlMs: TTL_MS });
  await writes;
  await sleep(afterMs);
  await stop(holders);
  // It waits until the lease of the other one is over.
  const taken = await next.ask<Written>({ do: 'write', file, ttlMs: 60_000, writes: 3 });
  stopped.process.kill('SIGCONT');
  await sleep(50);
  await stopped.ask({ do: 'stop' });
  return { late: await late, taken, accepted: await next.ask<number[]>({ do: 'accepted', file }) };
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] as number));
}

describe.each(['sqlite', 'valkey'] as const)('on %s, a process that is stopped for longer than its lease', (store) => {
  it('has no write accepted after somebody else has written, wherever it was stopped', async () => {
    const holders = await startHolders(store, true);
    const random = seededRandom(1);
    let written = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { late, taken, accepted } = await stopHolder(holders, `file ${round}`, random() * 60);
      expect(taken.fence, `round ${round}`).toBeGreaterThan(late.fence);
      expect([taken.accepted, taken.refusal]).toEqual([3, undefined]);
      expect(late.refusal).toBe('stale_fence');
      expect(accepted.slice(-3)).toEqual([taken.fence, taken.fence, taken.fence]);
      expect(isAscending(accepted)).toBe(true);
      written += late.accepted;
    }
    expect(written).toBeGreaterThan(0);
  });

  it('would have its writes accepted if it passed no fence', async () => {
    const holders = await startHolders(store, false);
    const { accepted } = await stopHolder(holders, 'file', 10);
    expect(isAscending(accepted)).toBe(false);
  });

  it('records nothing in a run that somebody else has taken over', async () => {
    const holders = await startHolders(store, true);
    const { stopped, next } = holders;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const id = `run ${round}`;
      const at = 1 + ((round * 3) % (STEPS - 5));
      const inStep = hears(stopped, (message) => 'inStep' in message && message.inStep === at);
      const late = stopped.ask<{ refusal?: string }>({ do: 'run', id, steps: STEPS, leaseMs: TTL_MS });
      await inStep;
      await stop(holders);
      const taken = await next.ask<{ refusal?: string }>({ do: 'run', id, steps: STEPS, leaseMs: 60_000 });
      stopped.process.kill('SIGCONT');
      expect([taken.refusal, (await late).refusal], `round ${round}`).toEqual([undefined, 'run_lost']);
      const { doneBy, events } = await next.ask<{ doneBy: string[]; events: string[] }>({ do: 'steps', id });
      const before = doneBy.indexOf('next');
      expect(doneBy).toEqual([...Array(before).fill('stopped'), ...Array(STEPS - before).fill('next')]);
      expect(before).toBeGreaterThanOrEqual(at);
      expect(events).toEqual([
        'run-started',
        ...Array(before).fill('step-completed'),
        'run-resumed',
        ...Array(STEPS - before).fill('step-completed'),
        'run-completed',
      ]);
    }
  });
});
