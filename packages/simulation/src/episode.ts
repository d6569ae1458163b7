import type { EpisodeSetup } from './episode-setup.ts';
import { FaultInjector } from './faults/fault-plan.ts';
import { BEGINNING } from './time/virtual-time.ts';
import { GROUPS, itemsOf } from './workload/data.ts';
import { Operations } from './workload/operations.ts';
import type { SimulatedProcess } from './workload/simulated-process.ts';
import { World, type WorldParts } from './world.ts';

/** Is what became of one simulation. */
export interface EpisodeResult {
  readonly setup: EpisodeSetup;
  /** Lists what must never happen and did. */
  readonly violations: readonly string[];
  /** Is the same for the same seed. */
  readonly digest: string;
  readonly counts: EpisodeCounts;
  /** Writes what happened around the first violation, or all of it. */
  readonly trace: (isWhole: boolean) => string[];
}

/** Counts what happened, so that an idle simulation is no success. */
export interface EpisodeCounts {
  readonly operations: number;
  readonly reads: number;
  readonly promises: number;
  readonly promisesOfTheDead: number;
  readonly increments: number;
  readonly countersChecked: number;
  readonly loads: number;
  readonly hits: number;
  readonly bypassed: number;
  readonly coalesced: number;
  readonly superseded: number;
  readonly storeErrors: number;
  readonly faults: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly longestMs: number;
}

/** Is how long a simulation may take to come to its end once there is nothing more to do, in milliseconds of virtual time. */
const END_MS = 120_000;
/** Is how long the store has to recover once nothing is wrong any more: pauses of its breaker and of its retries included. */
const RECOVERY_MS = 25_000;
/** Is how often everything is read until all of it must be a hit. */
const ATTEMPTS = 4;
/** Is the pause between two attempts: that a connection swallows everything shows to nobody who does not use it. */
const ATTEMPT_MS = 2_000;
/** Is more tags than a simulation has. */
const MANY_TAGS = 1000;
/** Is the least share of reads that a store must answer from what it holds when nothing goes wrong. */
const USEFUL = 0.15;

/** Runs one simulation. */
export async function runEpisode(setup: EpisodeSetup, operations: number, parts: WorldParts): Promise<EpisodeResult> {
  const world = new World(setup, parts);
  const episode = new Episode(world, operations);
  await episode.run();
  return episode.result();
}

class Episode {
  readonly #world: World;
  readonly #operations: number;
  readonly #faults: FaultInjector;
  readonly #chance;
  #running = 0;
  #countersChecked = 0;
  #suspect: number | undefined;

  constructor(world: World, operations: number) {
    this.#world = world;
    this.#operations = operations;
    this.#chance = world.setup.chance('workload');
    const { setup, time } = world;
    this.#faults = new FaultInjector(setup.plan, world, time, setup.chance('faults'));
  }

  async run(): Promise<void> {
    const { time, settling } = this.#world;
    this.#world.onStart = (process) => this.#employ(process);
    for (let count = 0; count < 3; count += 1) this.#world.start();
    await time.passUntil(() => settling.count >= this.#operations, END_MS * 10);
    this.#faults.stop();
    if (!(await time.passUntil(() => this.#running === 0, END_MS))) this.#complainOfUnsettled();
    this.#checkPromises();
    if (this.#world.setup.plan.kinds.length === 0) this.#checkCalm();
    this.#world.isHealed = true;
    const { highestSkewMs, skewMs } = this.#world.host;
    await time.passUntil(() => false, RECOVERY_MS + highestSkewMs - skewMs);
    await this.#checkRecovery();
    await this.#checkCounters();
    await this.#close();
  }

  result(): EpisodeResult {
    const { setup, violations, trace, settling, freshness, flights, barriers, counters, time, all } = this.#world;
    const sum = (count: (process: SimulatedProcess) => number): number =>
      all.reduce((total, process) => total + count(process), 0);
    const counts: EpisodeCounts = {
      operations: settling.count,
      reads: freshness.reads,
      promises: freshness.promises,
      promisesOfTheDead: barriers.kept,
      increments: counters.acknowledged,
      countersChecked: this.#countersChecked,
      loads: flights.loads,
      hits: sum(({ cache, plain }) => cache.metrics().hits + plain.metrics().hits),
      bypassed: sum(({ cache, plain }) => cache.metrics().bypassed + plain.metrics().bypassed),
      coalesced: sum(({ cache, plain }) => cache.metrics().coalesced + plain.metrics().coalesced),
      superseded: sum(({ cache, plain }) => cache.metrics().superseded + plain.metrics().superseded),
      storeErrors: sum(({ failures }) => failures),
      faults: this.#faults.count,
      events: time.steps,
      virtualMs: Math.round(time.now - BEGINNING),
      longestMs: Math.round(settling.longestMs),
    };
    const around = this.#suspect ?? time.now - BEGINNING;
    const lines = (isWhole: boolean): string[] => (isWhole ? trace.lines() : trace.lines(around - 120, around + 30));
    return { setup, violations, digest: trace.digest(), counts, trace: lines };
  }

  /** Lets a process work until there is nothing more to do, or it is dead. */
  #employ(process: SimulatedProcess): void {
    const operations = new Operations(process, this.#world.operationWorld);
    for (let count = 0; count < this.#world.setup.actors; count += 1) {
      this.#running += 1;
      this.#work(process, operations)
        .catch((error: unknown) => this.#violate(`${process.name}: an operation failed: ${describe(error)}`))
        .finally(() => (this.#running -= 1));
    }
  }

  async #work(process: SimulatedProcess, operations: Operations): Promise<void> {
    const { settling, time, setup } = this.#world;
    while (settling.count < this.#operations && !process.isDead) {
      await new Promise<void>((resolve) => time.after(this.#chance.between(0, setup.pauseMs), resolve));
      if (process.isDead) return;
      const [what, run] = operations.next();
      await Promise.race([settling.watch(process.name, what, run), process.death]);
    }
  }

  #checkPromises(): void {
    for (const { process, resource, version, promised, startedAt, promisedAt } of this.#world.freshness.check()) {
      this.#suspect ??= startedAt;
      const when = `${startedAt.toFixed(1)} ms`;
      this.#violate(
        `stale: ${process} read version ${version} of ${resource} at ${when}, promised ${promised} since ${promisedAt.toFixed(1)} ms`,
      );
    }
    for (const late of this.#world.settling.late) this.#violate(`late: ${late}`);
  }

  /** Where nothing goes wrong, every call loads once, and the cache is of use. */
  #checkCalm(): void {
    const { flights, alive, setup } = this.#world;
    // Where few tags are remembered, forgetting one may cost a load its leadership.
    if (setup.maxTags < MANY_TAGS) return;
    for (const call of flights.doubles) this.#violate(`loaded twice at a time: ${call}`);
    const metrics = alive.map(({ cache }) => cache.metrics());
    const hits = metrics.reduce((sum, { hits: own }) => sum + own, 0);
    const reads = metrics.reduce((sum, { hits: own, misses, bypassed }) => sum + own + misses + bypassed, 0);
    if (hits < reads * USEFUL)
      this.#violate(`of little use: ${hits} hits of ${reads} reads, though nothing went wrong`);
  }

  /** Once nothing is wrong any more, what was read is a hit for everybody. */
  async #checkRecovery(): Promise<void> {
    const { alive, flights, settling, time } = this.#world;
    const items = Array.from({ length: GROUPS }, (_, group) => itemsOf(group)).flat();
    for (const process of alive) {
      const readAll = (): Promise<unknown> => Promise.allSettled(items.map((item) => process.tools.readItem(item)));
      // What is left of a time to live may end in between: then the next time counts.
      let loads = Infinity;
      for (let attempt = 0; attempt < ATTEMPTS && loads > 0; attempt += 1) {
        if (attempt > 0) await time.passUntil(() => false, ATTEMPT_MS);
        const before = flights.loads;
        if (!(await this.#finish(() => settling.watch(process.name, 'recover', readAll)))) this.#complainOfUnsettled();
        loads = flights.loads - before;
      }
      if (loads > 0) {
        this.#violate(`${process.name} has not recovered: it loaded ${loads} of ${items.length} items again`);
      }
    }
  }

  /** Whoever looks, finds every increment that was acknowledged, once. */
  async #checkCounters(): Promise<void> {
    const { alive, counters, settling } = this.#world;
    const check = async (process: SimulatedProcess, counter: string): Promise<void> => {
      const complaint = counters.judge(counter, await process.counters.get(counter, 0));
      this.#countersChecked += 1;
      if (complaint !== undefined) this.#violate(`${process.name}: ${complaint}`);
    };
    for (const process of alive) {
      for (const counter of counters.intact) {
        const look = (): Promise<void> =>
          check(process, counter).catch((error: unknown) =>
            this.#violate(`${process.name} cannot read a counter: ${describe(error)}`),
          );
        if (!(await this.#finish(() => settling.watch(process.name, 'read a counter', look))))
          this.#complainOfUnsettled();
      }
    }
  }

  async #close(): Promise<void> {
    const { alive, settling, time } = this.#world;
    for (const process of alive) void settling.watch(process.name, 'close', () => process.close());
    if (!(await time.passUntil(() => settling.unsettled.length === 0, END_MS))) this.#complainOfUnsettled();
  }

  async #finish(run: () => Promise<unknown>): Promise<boolean> {
    let isDone = false;
    void run().finally(() => (isDone = true));
    return this.#world.time.passUntil(() => isDone, END_MS);
  }

  #complainOfUnsettled(): void {
    for (const what of this.#world.settling.unsettled) this.#violate(`never settled: ${what}`);
  }

  #violate(text: string): void {
    this.#suspect ??= this.#world.time.now - BEGINNING;
    this.#world.violations.push(text);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
