import { setTimeout as sleep } from 'node:timers/promises';

import { storeFromUrl } from '../../src/index.ts';
import { createAgentState } from '../../src/state/index.ts';
import type { CrashTarget } from './crash-target.ts';
import { auditRun } from './run-audit.ts';
import { Upstream } from './upstream.ts';
import { WorkerLife, type Acknowledged, type Sabotage } from './worker-life.ts';

/** Says how a series of crashes goes. */
export interface CrashPlan {
  /** Is how many runs there are that were struck at least once; those that were done before are not counted. */
  readonly times: number;
  readonly random: () => number;
  /** Says when a crash comes: at any moment, or when the upstream has done something and has not answered. Default: any. */
  readonly moments?: 'any' | 'unanswered';
  /** Breaks the worker, to see whether that is noticed. Default: it is sound. */
  readonly sabotage?: Sabotage;
  /** Is told after each run how far the series is. */
  readonly onRun?: (report: CrashReport) => void;
}

/** Is what a series of crashes has come to. */
export interface CrashReport {
  runs: number;
  /** Counts the runs that were struck once or more. */
  struckRuns: number;
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
/** Bounds the crashes that are meant for one run. */
const MAX_CRASHES = 3;
/** Is how often the kill comes between what the upstream has done and its answer. */
const UNANSWERED_RATE = 0.15;
/** Is how often it comes right after, while the answer is on its way, or is recorded. */
const ANSWERING_RATE = 0.15;
const ANSWERING_MS = 5;

/**
 * Kills workers at random moments of a run and starts others, until the run is done; then checks what is left of it, and does
 * another, until enough runs were struck.
 */
export async function crashSeries(target: CrashTarget, plan: CrashPlan): Promise<CrashReport> {
  await using upstream = await Upstream.start();
  const report: CrashReport = {
    runs: 0,
    struckRuns: 0,
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
    while (report.struckRuns < plan.times) {
      // What is wrong with a broken worker shows where the upstream does its part.
      const honoursKeys = plan.sabotage !== undefined || report.runs % 2 === 0;
      await crasher.run(`run ${report.runs}`, honoursKeys, 1 + Math.floor(plan.random() * MAX_CRASHES));
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

  /** Does one run to its end, with so many crashes unless it is done before, and checks it. */
  async run(run: string, honoursKeys: boolean, maxCrashes: number): Promise<void> {
    const { sabotage } = this.#plan;
    const acknowledged: Acknowledged[] = [];
    let complaints = '';
    const [storeUrl, upstreamUrl] = [this.#target.url, this.#upstream.url];
    let crashes = 0;
    for (let life = 1, isDone = false; !isDone; life += 1) {
      const worker = this.#next;
      await worker.ready();
      this.#next = new WorkerLife();
      await this.#next.ready();
      const startedAt = performance.now();
      const working = worker.work({ storeUrl, upstreamUrl, run, life, honoursKeys, sabotage });
      if (crashes < maxCrashes && (await this.#crash(worker, working))) crashes += 1;
      await working;
      if (maxCrashes === 0) this.#spanMs = performance.now() - startedAt;
      isDone = worker.isDone;
      acknowledged.push(...worker.acknowledged);
      complaints += worker.complaint;
      if (life < MAX_LIVES) continue;
      this.#report.violations.push(`${run}: does not get any further. ${complaints}`);
      return;
    }
    if (crashes > 0) this.#report.struckRuns += 1;
    await this.#audit(run, honoursKeys, acknowledged, complaints);
  }

  close(): void {
    this.#next.kill();
  }

  /** Strikes at a moment of a life, and tells whether it was not over before. */
  async #crash(worker: WorkerLife, working: Promise<void>): Promise<boolean> {
    const moment = this.#moment();
    try {
      await Promise.race([moment.comes, working]);
      if (worker.isDone || worker.isGone) return false;
      await this.#strike(worker);
      return true;
    } finally {
      moment.isOver();
    }
  }

  async #strike(worker: WorkerLife): Promise<void> {
    const { crash } = this.#target;
    if (crash === undefined || this.#plan.random() < 0.5) {
      worker.kill();
      this.#report.workersKilled += 1;
    }
    if (crash !== undefined) {
      await crash();
      this.#report.serversKilled += 1;
    }
  }

  /** Chooses when to strike. */
  #moment(): { readonly comes: Promise<unknown>; readonly isOver: () => void } {
    const { random, moments = 'any' } = this.#plan;
    const which = random();
    if (moments === 'unanswered' || which < UNANSWERED_RATE) {
      const { done, give } = this.#upstream.withholdNext();
      return { comes: done, isOver: give };
    }
    const isAnswering = which < UNANSWERED_RATE + ANSWERING_RATE;
    const begins = isAnswering ? this.#upstream.nextEffect() : Promise.resolve();
    const pauseMs = random() * (isAnswering ? ANSWERING_MS : this.#spanMs);
    return { comes: begins.then(() => sleep(pauseMs)), isOver: () => undefined };
  }

  async #audit(
    run: string,
    honoursKeys: boolean,
    acknowledged: readonly Acknowledged[],
    complaints: string,
  ): Promise<void> {
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
    this.#report.violations.push(...found.map((each) => `${run}: ${each}. ${complaints}`));
  }
}
