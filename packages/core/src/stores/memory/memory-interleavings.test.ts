import { describe, expect, it } from 'vitest';

import type { Clock } from '../../clock.ts';
import { takeSnapshot } from '../../codec/value-snapshot.ts';
import type { EntryDraft, EntryStore, StoredEntry } from '../../store/entry-store.ts';
import { FreshnessWorld, type Following } from '../../testing/freshness-world.ts';
import { freshnessSabotages } from '../../testing/freshness-sabotage.ts';
import { exploreInterleavings, type Exploration, type Process } from '../../testing/interleavings.ts';
import type { ImmediateEntries, Sabotage } from '../../testing/sabotage.ts';
import { memoryStore } from './memory-store.ts';

const BARRIER_MS = 500;
const TTL_MS = 1_000;

type Break = (entries: ImmediateEntries) => EntryStore;

/** Is a small world over the real memory store, and what can happen in it beside reads and writes. */
class MemoryWorld extends FreshnessWorld {
  time = 0;
  readonly #open: () => EntryStore;

  constructor(breakEntries: Break, declares: boolean) {
    const clock: Clock = { now: () => this.time, after: () => () => undefined };
    const open = (): EntryStore =>
      breakEntries(memoryStore({ clock, maxEntries: 1 }).entries('shop', { maxStalenessMs: 0 }) as ImmediateEntries);
    super(open(), declares);
    this.#open = open;
  }

  /** Drops the entry, and supersedes the load. */
  drop = (): Process => step('drop', () => void this.entries.delete(this.address));

  /** Evicts the entry: there is room for one, and another one comes. */
  evict = (): Process => step('evict', () => void this.entries.put({ key: 'other' }, draftOf(0)));

  /** Goes on with empty data; nobody knows the leases of before. */
  restart = (): Process => step('restart', () => void (this.entries = this.#open()));

  /** Lets the ttl pass of everything that is stored. */
  expire = (): Process => step('expire', () => void (this.time += TTL_MS));

  /** Lets the barrier's time be over; if its writer has changed the data by then, readers must see that from now on. */
  passDeadline = (): Process =>
    step('deadline', () => {
      this.time += BARRIER_MS + 1;
      if (this.version > 1) this.promise(this.version);
    });

  /** Goes on with the data of a while ago and without the invalidations since: wrong, for the check to find. */
  *restoreDump(): Process {
    const dumped = this.entries.peek(this.address);
    yield 'dump';
    this.entries = this.#open();
    if (dumped !== undefined) void this.entries.put(this.address, draftOf(dumped.snapshot.open() as number, dumped));
    return 'restore';
  }
}

function draftOf(value: number, entry?: StoredEntry): EntryDraft {
  const tags = entry?.tags ?? [];
  return { snapshot: takeSnapshot(value, 'share'), tags, ttlMs: TTL_MS, retainMs: 0, loadMs: 0, local: undefined };
}

// oxlint-disable-next-line require-yield
function* step(name: string, run: () => void): Process {
  run();
  return name;
}

interface Explored extends Exploration {
  /** Counts what the reads of all schedules met. */
  readonly met: Readonly<Record<string, number>>;
}

async function explore(
  processes: (world: MemoryWorld) => Record<string, Process>,
  { breakEntries = (entries) => entries, declares = true }: { breakEntries?: Break; declares?: boolean } = {},
): Promise<Explored> {
  const met: Record<string, number> = {};
  const explored = await exploreInterleavings(() => {
    const world = new MemoryWorld(breakEntries, declares);
    return {
      processes: processes(world),
      invariant: () => world.assertNothingStaleServed(),
      check() {
        for (const event of world.events) met[event] = (met[event] ?? 0) + 1;
        world.assertNothingStaleRead();
      },
    };
  });
  return { ...explored, met };
}

function twoReaders(world: FreshnessWorld): Record<string, Process> {
  return { 'reader 1': world.read(), 'reader 2': world.read() };
}

/** A freshness that comes from never storing or joining anything would prove nothing. */
function expectFreshAndUseful({ counterexample, met }: Explored): void {
  expect(counterexample).toBeUndefined();
  for (const event of ['hit', 'lead', 'follow', 'stored', 'invalidated'])
    expect([event, (met[event] ?? 0) > 10]).toEqual([event, true]);
}

const FAULTS = ['drop', 'evict', 'restart', 'expire'] as const;

const KINDS: Readonly<
  Record<string, { readonly following: readonly [Following, Following]; readonly declares: boolean }>
> = {
  'the second reader joins the first': { following: ['join', 'join'], declares: true },
  'the second reader is in another process': { following: ['join', 'ask-again'], declares: true },
  'only the value tells what it depends on': { following: ['join-stored', 'join-stored'], declares: false },
};

const WRITERS: Readonly<Record<string, (world: MemoryWorld) => Process>> = {
  'a write': (world) => world.write(),
  'a write behind a barrier': (world) => world.writeBehindBarrier(BARRIER_MS),
};

const COMBINATIONS = Object.keys(KINDS).flatMap((kind) =>
  Object.keys(WRITERS).flatMap((writer) => FAULTS.map((fault) => ({ kind, writer, fault }))),
);

// Half a million schedules take seconds, and more on a machine that is busy.
const PATIENCE = { timeout: 120_000 };

describe('the memory store, in every order of the steps of two reads, a write and a fault', PATIENCE, () => {
  it.for(COMBINATIONS)(
    'serves and stores nothing stale: $kind, $writer, $fault',
    async ({ kind, writer, fault }, { annotate }) => {
      const { following, declares } = KINDS[kind] as (typeof KINDS)[string];
      const process = WRITERS[writer] as (typeof WRITERS)[string];
      const explored = await explore(
        (world) => ({
          'reader 1': world.read(following[0]),
          'reader 2': world.read(following[1]),
          writer: process(world),
          fault: world[fault](),
        }),
        { declares },
      );
      expectFreshAndUseful(explored);
      await annotate(`${explored.schedules} schedules`);
    },
  );

  it('serves and stores nothing stale: two writes, one of them behind a barrier', async () => {
    const explored = await explore((world) => ({
      ...twoReaders(world),
      'writer 1': world.writeBehindBarrier(BARRIER_MS),
      'writer 2': world.write(),
    }));
    expectFreshAndUseful(explored);
    expect(explored.schedules).toBeGreaterThan(500_000);
  });

  it.for(Object.keys(KINDS))(
    'serves and stores nothing stale: %s, a writer that dies behind its barrier',
    async (kind, { annotate }) => {
      const { following, declares } = KINDS[kind] as (typeof KINDS)[string];
      const explored = await explore(
        (world) => ({
          'reader 1': world.read(following[0]),
          'reader 2': world.read(following[1]),
          writer: world.writeBehindBarrier(BARRIER_MS, true),
          time: world.passDeadline(),
        }),
        { declares },
      );
      expectFreshAndUseful(explored);
      await annotate(`${explored.schedules} schedules`);
    },
  );

  it('serves and stores nothing stale: a writer that is slower than its barrier', async () => {
    const explored = await explore((world) => ({
      ...twoReaders(world),
      writer: world.writeBehindBarrier(BARRIER_MS),
      time: step('deadline', () => void (world.time += BARRIER_MS + 1)),
    }));
    expectFreshAndUseful(explored);
  });
});

describe('the check of every order of steps', () => {
  it.each([
    'takes the stamp of a load when it is done',
    'stores every value it is offered',
    'lets readers join any load in flight',
    'peeks without a look at the clock',
  ])('catches a store that %s', async (name) => {
    const { breakEntries } = freshnessSabotages.find((sabotage) => sabotage.name === name) as Sabotage;
    const explored = await explore((world) => ({ ...twoReaders(world), writer: world.write() }), { breakEntries });
    expect(explored.failures).toBeGreaterThan(0);
    expect(explored.failures).toBeLessThan(explored.schedules);
    expect(String(explored.counterexample?.error)).toContain('a stale value');
  });

  it('catches a write that invalidates only before it changes the data', async () => {
    const explored = await explore((world) => ({ reader: world.read(), writer: world.writeAfterInvalidating() }));
    expect(explored.counterexample?.trace).toContain('writer: invalidate');
    expect(explored.failures).toBeGreaterThan(0);
  });

  it('catches a writer that dies without a barrier', async () => {
    const explored = await explore((world) => ({
      reader: world.read(),
      writer: step('mutate and die', () => void world.mutate()),
      time: world.passDeadline(),
    }));
    expect(explored.failures).toBeGreaterThan(0);
  });

  it('catches a restart from a dump that knows less than had been promised', async () => {
    const explored = await explore((world) => ({
      reader: world.read(),
      writer: world.write(),
      restart: world.restoreDump(),
    }));
    expect(explored.failures).toBeGreaterThan(0);
  });

  it('catches a store that calls a load current when it is not', async () => {
    const name = 'calls a load current although something was invalidated since';
    const { breakEntries } = freshnessSabotages.find((sabotage) => sabotage.name === name) as Sabotage;
    const explored = await explore(
      (world) => ({
        'reader 1': world.read('join-stored'),
        'reader 2': world.read('join-stored'),
        writer: world.write(),
      }),
      { breakEntries, declares: false },
    );
    expect(explored.failures).toBeGreaterThan(0);
  });

  it('catches a reader who joins a load without knowing what its value depends on', async () => {
    const explored = await explore((world) => ({ ...twoReaders(world), writer: world.write() }), { declares: false });
    expect(explored.failures).toBeGreaterThan(0);
    expect(explored.counterexample?.trace).toContain('reader 2: follow to the end');
  });
});
