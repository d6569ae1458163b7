import assert from 'node:assert/strict';

import { describe, expect, it } from 'vitest';

import { MemoryState } from '../src/stores/memory/memory-state.ts';
import { exploreInterleavings, type Exploration, type Process } from '../src/testing/index.ts';

const LEASE_MS = 1_000;

/** Is a file that several workers write to, each when it holds the lock. Every step is one of the store. */
class FencedWorld {
  now = 1_700_000_000_000;
  /** Lists the workers whose writes were accepted, by their fences. */
  readonly accepted: number[] = [];
  refusals = 0;
  readonly state: MemoryState = new MemoryState({ now: () => this.now, after: () => () => undefined }, 30_000);
  readonly #passesFence: boolean;

  constructor(passesFence: boolean) {
    this.#passesFence = passesFence;
  }

  *worker(name: string): Process {
    const { locks } = this.state;
    yield { step: 'ready', until: () => locks.inspect('file') === undefined };
    const taken = locks.acquire({ name: 'file', owner: name, token: name, ttlMs: LEASE_MS });
    if (taken.kind !== 'acquired') return 'somebody was faster';
    yield `take with fence ${taken.fence}`;
    for (const part of ['first', 'second']) {
      const result = this.state.documents('files').apply(`${name} ${part}`, [
        {
          kind: 'set',
          key: 'file',
          content: { form: 'value', text: `${name} ${part}` },
          fence: this.#passesFence ? taken.fence : undefined,
        },
      ]);
      if (result.kind === 'applied') this.accepted.push(taken.fence);
      else this.refusals += 1;
      yield `write the ${part} part`;
    }
    locks.release('file', name);
    return 'release';
  }

  *time(): Process {
    for (let turn = 0; turn < 2; turn += 1) {
      this.now += LEASE_MS;
      yield 'the lease passes';
    }
  }

  assertNothingLate(): void {
    const { accepted } = this;
    assert.ok(accepted.every((fence, index) => index === 0 || fence >= (accepted[index - 1] as number)));
  }
}

async function explore(passesFence: boolean): Promise<Exploration & { readonly refusals: number }> {
  let refusals = 0;
  const explored = await exploreInterleavings(() => {
    const world = new FencedWorld(passesFence);
    return {
      processes: { one: world.worker('one'), two: world.worker('two'), time: world.time() },
      invariant: () => world.assertNothingLate(),
      check: () => void (refusals += world.refusals),
    };
  });
  return { ...explored, refusals };
}

describe('a holder who is stopped beyond its lease and goes on', () => {
  it('never has a write accepted after one of a later holder, in any order of steps', async () => {
    const { schedules, failures, counterexample, refusals } = await explore(true);
    expect(counterexample).toBeUndefined();
    expect(failures).toBe(0);
    expect(schedules).toBeGreaterThan(500);
    expect(refusals).toBeGreaterThan(100);
  });

  it('overwrites what the later holder has written when it does not pass its fence', async () => {
    const { failures, counterexample } = await explore(false);
    expect(failures).toBeGreaterThan(0);
    expect(counterexample?.trace.filter((step) => step.includes('the lease passes')).length).toBeGreaterThan(0);
  });
});
