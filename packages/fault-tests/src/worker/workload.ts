import { setTimeout as sleep } from 'node:timers/promises';

import type { StockPath, Subject } from '../subjects/subject.ts';
import type { Notice, WorkCounts, WorkPlan } from './messages.ts';
import { RecordBuffer } from './record-buffer.ts';
import type { Source } from './source.ts';
import { ITEMS, NAMES, nameOf, namesBelow, SHELVES } from './stock.ts';

/** Bounds how many failures are told in words. */
const TOLD_FAILURES = 3;

/**
 * Is what one process does to a cache: readers and writers on a small stock, under which caches that are wrong show it.
 * Writes come between the moment at which a load looks at the data and its return; every read and every acknowledged
 * write is taken down.
 */
export class Workload {
  readonly #subject: Subject;
  readonly #source: Source;
  readonly #plan: WorkPlan;
  readonly #random: () => number;
  readonly #tell: (notice: Notice) => Promise<void>;
  readonly #reads = new RecordBuffer();
  readonly #invalidations = new RecordBuffer();
  readonly #counts = { reads: 0, invalidations: 0, unacknowledged: 0, failures: 0 };
  readonly #busy: Promise<void>[] = [];
  #isRunning = true;

  constructor(
    subject: Subject,
    source: Source,
    plan: WorkPlan,
    random: () => number,
    tell: (notice: Notice) => Promise<void>,
  ) {
    this.#subject = subject;
    this.#source = source;
    this.#plan = plan;
    this.#random = random;
    this.#tell = tell;
  }

  start(): void {
    for (let count = 0; count < this.#plan.readers; count += 1) this.#busy.push(this.#read());
    for (let count = 0; count < this.#plan.writers; count += 1) this.#busy.push(this.#write());
  }

  /** Resolves once everybody has finished what they were at. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await Promise.all(this.#busy);
  }

  /** Returns the batch of what happened since the last one. */
  batch(): Notice {
    const counts: WorkCounts = { ...this.#counts, loads: this.#source.loads, ...this.#subject.counts() };
    return { type: 'batch', reads: this.#reads.take(), invalidations: this.#invalidations.take(), counts };
  }

  async #read(): Promise<void> {
    for (let turn = 1; this.#isRunning; turn += 1) {
      const [shelf, item] = [this.#pick(SHELVES), this.#pick(ITEMS)];
      const startedAt = this.#now();
      try {
        const version = await this.#subject.read(shelf, item);
        this.#counts.reads += 1;
        this.#reads.push(NAMES.indexOf(nameOf(shelf, item)), version, startedAt);
      } catch (error) {
        this.#counts.failures += 1;
        if (this.#counts.failures <= TOLD_FAILURES) {
          await this.#tell({ type: 'problem', text: `a read has failed: ${String(error)}` });
        }
      }
      if (turn % this.#plan.burst === 0) await sleep(this.#random() * 2);
    }
  }

  async #write(): Promise<void> {
    while (this.#isRunning) {
      await sleep(10 + this.#random() * 60);
      const path = this.#pickPath();
      const names = namesBelow(path);
      let versions: number[] = [];
      const change = async (): Promise<void> => {
        versions = await this.#source.change(names);
        if (this.#random() < this.#plan.deathRate) await this.#die(names, versions);
      };
      if (await this.#subject.write(path, change)) {
        this.#counts.invalidations += 1;
        const resolvedAt = this.#now();
        for (const [index, name] of names.entries()) {
          this.#invalidations.push(NAMES.indexOf(name), versions[index] as number, resolvedAt);
        }
      } else this.#counts.unacknowledged += 1;
    }
  }

  /** Kills this process: the data has changed, and nobody will say so. */
  async #die(names: readonly string[], versions: readonly number[]): Promise<void> {
    const last = new RecordBuffer();
    const at = this.#now();
    for (const [index, name] of names.entries()) last.push(NAMES.indexOf(name), versions[index] as number, at);
    await this.#tell(this.batch());
    await this.#tell({ type: 'dying', records: last.take() });
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  }

  #pickPath(): StockPath {
    const chance = this.#random();
    if (chance < 0.1) return [];
    return chance < 0.5 ? [this.#pick(SHELVES)] : [this.#pick(SHELVES), this.#pick(ITEMS)];
  }

  #pick(from: readonly string[]): string {
    return from[Math.floor(this.#random() * from.length)] as string;
  }

  /** Is the time in milliseconds since the origin that all processes share. */
  #now(): number {
    return Number(process.hrtime.bigint() - this.#plan.origin) / 1e6;
  }
}
