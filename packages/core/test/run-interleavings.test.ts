import assert from 'node:assert/strict';

import { describe, expect, it } from 'vitest';

import type { RunOpened, RunRecorded } from '../src/store/run-store.ts';
import { MemoryState } from '../src/stores/memory/memory-state.ts';
import { exploreInterleavings, type Exploration, type Process } from '../src/testing/index.ts';

const LEASE_MS = 1_000;
const TTL_MS = 1_000_000;

/** Is a run of one step that two workers want to do, each of which may be stopped for longer than its lease. */
class RunWorld {
  now = 1_700_000_000_000;
  readonly state: MemoryState = new MemoryState({ now: () => this.now, after: () => () => undefined }, 30_000);
  /** Lists what the upstream was asked for, with the keys that it honours. */
  readonly asked: string[] = [];
  readonly told: string[] = [];
  refusals = 0;
  readonly #passesFence: boolean;

  constructor(passesFence: boolean) {
    this.#passesFence = passesFence;
  }

  *worker(name: string): Process {
    const { locks, runs } = this.state;
    yield { step: 'ready', until: () => locks.inspect('run') === undefined };
    const taken = locks.acquire({ name: 'run', owner: name, token: name, ttlMs: LEASE_MS });
    if (taken.kind !== 'acquired') return 'somebody was faster';
    yield 'take the run';
    const opened: RunOpened = runs.open(`open ${name}`, {
      id: 'run',
      fence: taken.fence,
      incarnation: name,
      ttlMs: TTL_MS,
      createdEvents: [],
      resumedEvents: [],
      maxEvents: 10,
    });
    if (opened.kind !== 'opened') return 'somebody has taken over';
    const { run } = opened;
    yield 'open it';
    if (run.steps.has('charge')) {
      this.told.push(run.steps.get('charge') as string);
      return 'find the step recorded';
    }
    this.asked.push(`${run.incarnation}/charge`);
    yield 'execute the step';
    const recorded: RunRecorded = runs.record(`record ${name}`, {
      id: 'run',
      incarnation: run.incarnation,
      fence: this.#passesFence ? taken.fence : Number.MAX_SAFE_INTEGER,
      step: { id: 'charge', text: name },
      events: [{ type: 'step-completed', text: name }],
      maxEvents: 10,
      ttlMs: TTL_MS,
    });
    if (recorded.kind === 'recorded') this.told.push(name);
    else this.refusals += 1;
    yield 'record it';
    locks.release('run', name);
    return 'release';
  }

  *time(): Process {
    this.now += LEASE_MS;
    yield 'the lease passes';
  }

  /** Whoever was told a result was told the one that is recorded, the upstream was asked under one key, the log tells it once. */
  assertOneResult(): void {
    const recorded = this.state.runs.read('run')?.steps.get('charge');
    assert.ok(this.told.every((each) => each === recorded));
    assert.ok(this.asked.every((each) => each === this.asked[0]));
    const events = this.state.runs.log('run').read({ limit: 10 }).entries;
    assert.equal(events.length, recorded === undefined ? 0 : 1);
    assert.equal(events[0]?.text, recorded);
  }
}

async function explore(passesFence: boolean): Promise<Exploration & { readonly refusals: number }> {
  let refusals = 0;
  const explored = await exploreInterleavings(() => {
    const world = new RunWorld(passesFence);
    return {
      processes: { one: world.worker('one'), two: world.worker('two'), time: world.time() },
      invariant: () => world.assertOneResult(),
      check: () => void (refusals += world.refusals),
    };
  });
  return { ...explored, refusals };
}

describe('a step that two workers want to do', () => {
  it('has one result, one key and one event, in any order of steps', async () => {
    const { schedules, failures, counterexample, refusals } = await explore(true);
    expect(counterexample).toBeUndefined();
    expect(failures).toBe(0);
    expect(schedules).toBeGreaterThan(100);
    expect(refusals).toBeGreaterThan(5);
  });

  it('tells two results when whoever comes late may record', async () => {
    const { failures, counterexample } = await explore(false);
    expect(failures).toBeGreaterThan(0);
    expect(counterexample?.trace).toContain('time: the lease passes');
  });
});
