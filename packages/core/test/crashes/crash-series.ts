import { setTimeout as sleep } from 'node:timers/promises';

import { storeFromUrl } from '../../src/index.ts';
import { createAgentState } from '../../src/state/index.ts';
import type { CrashTarget } from './crash-target.ts';
import { auditRun } from './run-audit.ts';
import { Upstream } from './upstream.ts';
import { WorkerLife, type Acknowledged, type Sabotage } from './worker-life.ts';

/** Says how a series of crashes goes. */
export interface CrashPlan {
  /** Is how many crashes there are. */
  readonly times: number;
  readonly random: () => number;
  /** Breaks the worker, to see whether that is noticed. Default: it is sound. */
  readonly sabotage?: Sabotage;
  /** Is told after each run how far the series is. */
  readonly onRun?: (report: CrashReport) => void;
}

/** Is what a series of crashes has come to. */
export interface CrashReport {
  runs: number;
  /** Counts the workers that were killed. */
  workersKilled: number;
  /** Counts the kills of the server, with the worker or without. */
  serversKilled: number;
  /** Counts writes that were done once more, because the upstream does not honour keys. */
  repeats: number;
  /** Counts results that workers were given, and that were checked. */
  acknowledged: number;
  readonly violations: string[];
}

/** Is the time in which the first kill falls, until it is known how long a run takes. */
const FIRST_SPAN_MS = 150;
/** Bounds the lives of one run: what takes more does not get any further. */
const MAX_LIVES = 100;
/** Is how often the kill falls on the moment at which the upstream has done something, and the worker does not know yet. */
const WORST_RATE = 0.3;

/**
 * Kills workers at random moments of a run and starts others, until the run is done; then checks what is left of it, and does
 * another, as often as it takes.
 */
export async function crashSeries(target: CrashTarget, plan: CrashPlan): Promise<CrashReport> {
  await using upstream = await Upstream.start();
  const report: CrashReport = {
    runs: 0,
    workersKilled: 0,
    serversKilled: 0,
    repeats: 0,
    acknowledged: 0,
    violations: [],
  };
  const crasher = new Crasher(target, plan, upstream, report);
  try {
    // The first run is left alone, and tells how long one takes.
    await crasher.run('run 0', true, 0);
    while (report.workersKilled + report.serversKilled < plan.times) {
      // What is wrong with a broken worker shows where the upstream does its part.
      const honoursKeys = plan.sabotage !== undefined || report.runs % 2 === 0;
      await crasher.run(`run ${report.runs}`, honoursKeys, plan.times);
      plan.onRun?.(report);
    }
  } finally {
    crasher.close();
  }
  return report;
}

class Crasher {
  readonly #target: CrashTarget;
  readonly #plan: CrashPlan;
  readonly #upstream: Upstream;
  readonly #report: CrashReport;
  /** Is started while the one before works: most of a life is its start. */
  #next: WorkerLife = new WorkerLife();
  #spanMs = FIRST_SPAN_MS;

  constructor(target: CrashTarget, plan: CrashPlan, upstream: Upstream, report: CrashReport) {
    this.#target = target;
    this.#plan = plan;
    this.#upstream = upstream;
    this.#report = report;
  }

  /** Does one run to its end, with crashes as long as there are fewer than so many, and checks it. */
  async run(run: string, honoursKeys: boolean, maxCrashes: number): Promise<void> {
    const { sabotage } = this.#plan;
    const acknowledged: Acknowledged[] = [];
    const [storeUrl, upstreamUrl] = [this.#target.url, this.#upstream.url];
    for (let life = 1, isDone = false; !isDone; life += 1) {
      const worker = this.#next;
      await worker.ready();
      this.#next = new WorkerLife();
      await this.#next.ready();
      const startedAt = performance.now();
      const working = worker.work({ storeUrl, upstreamUrl, run, life, honoursKeys, sabotage });
      const { workersKilled, serversKilled } = this.#report;
      if (workersKilled + serversKilled < maxCrashes) await this.#crash(worker, working);
      await working;
      if (maxCrashes === 0) this.#spanMs = performance.now() - startedAt;
      isDone = worker.isDone;
      acknowledged.push(...worker.acknowledged);
      if (life < MAX_LIVES) continue;
      this.#report.violations.push(`${run}: does not get any further. ${worker.complaint}`);
      return;
    }
    await this.#audit(run, honoursKeys, acknowledged);
  }

  close(): void {
    this.#next.kill();
  }

  async #crash(worker: WorkerLife, working: Promise<void>): Promise<void> {
    const { random } = this.#plan;
    const atWorst = random() < WORST_RATE;
    const moment = atWorst ? this.#upstream.nextEffect() : sleep(random() * this.#spanMs);
    await Promise.race([moment, working]);
    if (worker.isDone) return;
    const { crash } = this.#target;
    const strikesServer = crash !== undefined && random() < 0.5;
    if (!strikesServer || random() < 0.5) {
      worker.kill();
      this.#report.workersKilled += 1;
    }
    if (strikesServer) {
      await crash();
      this.#report.serversKilled += 1;
    }
  }

  async #audit(run: string, honoursKeys: boolean, acknowledged: readonly Acknowledged[]): Promise<void> {
    const store = storeFromUrl(this.#target.url);
    const handle = createAgentState({ store, namespace: 'crashes' }).run(run);
    const log = await handle.log.read({ limit: 1_000 });
    const state = await handle.state();
    await store.close();
    const effects = this.#upstream.effects.filter((effect) => effect.run === run);
    const found = auditRun({ state, log, effects, acknowledged, honoursKeys });
    const repeats = effects.length - new Set(effects.map(({ write }) => write)).size;
    this.#report.runs += 1;
    this.#report.acknowledged += acknowledged.length;
    if (!honoursKeys) this.#report.repeats += repeats;
    this.#report.violations.push(...found.map((each) => `${run}: ${each}`));
  }
}
