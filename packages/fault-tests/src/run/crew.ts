import type { WorkPlan } from '../worker/messages.ts';
import { CrewMember } from './crew-member.ts';
import type { HistoryLog } from './history-log.ts';
import { Totals } from './totals.ts';

/** Are the worker processes of a run. They outlive it, for the next one; those that die are replaced. */
export class Crew implements AsyncDisposable {
  totals = new Totals();
  /** Lists what went wrong in the workers, in words. */
  problems: string[] = [];
  /** Counts the workers that died by themselves. */
  deaths = 0;
  readonly #members: CrewMember[];
  /** Counts the times that work was begun or ended. */
  #turn = 0;

  constructor(size: number) {
    this.#members = Array.from({ length: size }, () => new CrewMember());
  }

  get members(): readonly CrewMember[] {
    return this.#members;
  }

  /**
   * Starts the work.
   *
   * @param plans tell each worker what to do, in order
   */
  async begin(plans: readonly WorkPlan[], history: HistoryLog): Promise<void> {
    this.totals = new Totals();
    this.problems = [];
    this.deaths = 0;
    this.#turn += 1;
    const turn = this.#turn;
    await Promise.all(plans.map((plan, index) => this.#put(index, plan, history, turn)));
  }

  /** Resolves when everything that the workers have seen so far is in the history. */
  async flush(): Promise<void> {
    await Promise.all(this.#members.filter(({ isAnswering }) => isAnswering).map((member) => member.flush()));
  }

  /** Ends the work; every read and write that is under way returns first. */
  async end(): Promise<void> {
    this.#turn += 1;
    await Promise.all(this.#members.map((member) => member.end()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#turn += 1;
    await Promise.all(this.#members.map((member) => member.kill9()));
  }

  async #put(index: number, plan: WorkPlan, history: HistoryLog, turn: number): Promise<void> {
    let member = this.#members[index] as CrewMember;
    if (member.isGone) this.#members[index] = member = new CrewMember();
    let isDying = false;
    await member.begin(plan, {
      batch: ({ reads, invalidations, counts }) => {
        history.addReads(index, plan.maxStalenessMs, reads);
        history.addInvalidations(invalidations);
        this.totals.set(member, counts);
      },
      dying: (records) => {
        isDying = true;
        this.deaths += 1;
        history.addInvalidations(records, plan.barrierMs);
      },
      problem: (text) => this.problems.push(text),
    });
    void member.gone.then(async () => {
      if (this.#turn !== turn) return;
      if (!isDying) this.problems.push('a worker has died that was not meant to');
      await this.#put(index, { ...plan, seed: plan.seed + 1_000 }, history, turn);
    });
  }
}
