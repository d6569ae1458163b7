import { wireBytes } from '../../../codec/wire-text.ts';
import type { KeyPage } from '../../../store/key-page.ts';
import type { RunListRequest, RunStatus, StoredRun } from '../../../store/run-store.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import { keyPage, textOf, type KeyRow } from './key-bounds.ts';
import { runsSql } from './statements/runs.generated.ts';

/** Is a run as it stands in its row; its steps stand elsewhere. */
export interface FoundRun {
  readonly id: number;
  readonly incarnation: string;
  readonly status: RunStatus;
  readonly fence: number;
}

/** Holds the runs of one namespace. What changes something is to be called within a transaction. */
export class RunTable {
  readonly #namespace: number;
  readonly #statements;

  constructor(database: SqliteDatabase, namespace: number) {
    this.#namespace = namespace;
    this.#statements = database.prepare(runsSql);
  }

  /** Returns a run with its steps; both are true of one moment within a snapshot or a transaction. */
  read(name: string, now: number): StoredRun | undefined {
    const row = this.#row(name, now);
    if (row === undefined) return undefined;
    const steps = this.#statements.steps.all({ run: row.id }) as unknown as readonly StepRow[];
    return {
      incarnation: textOf(row.incarnation),
      status: row.status,
      currentStep: row.currentStep === null ? undefined : textOf(row.currentStep),
      steps: new Map(steps.map((step) => [textOf(step.name), textOf(step.text)])),
      outcome: row.outcome === null ? undefined : textOf(row.outcome),
      version: row.version,
      openings: row.openings,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
      expiresAt: row.expiresAt,
    };
  }

  find(name: string, now: number): FoundRun | undefined {
    const row = this.#row(name, now);
    return row && { id: row.id, incarnation: textOf(row.incarnation), status: row.status, fence: row.fence };
  }

  /** Adds a run where none is. */
  add(name: string, incarnation: string, now: number): FoundRun {
    this.discard(name);
    const row = { ...this.#where(name), incarnation: wireBytes(incarnation), now };
    const id = this.#statements.add.get(row)?.['id'] as number;
    return { id, incarnation, status: 'running', fence: 0 };
  }

  /** Deletes whatever is there under a name, also a run whose time is over. */
  discard(name: string): void {
    this.#statements.discard.run(this.#where(name));
  }

  setFence(run: number, fence: number): void {
    this.#statements.setFence.run({ run, fence });
  }

  countOpening(run: number): void {
    this.#statements.open.run({ run });
  }

  /** Records a step, unless it is recorded already. */
  addStep(run: number, id: string, text: string): void {
    const name = wireBytes(id);
    const isNew = this.#statements.addStep.get({ run, name, text: wireBytes(text) }) !== undefined;
    if (isNew) this.#statements.setStep.run({ run, name });
  }

  setStatus(run: number, status: RunStatus, outcome: string | undefined): void {
    this.#statements.setStatus.run({ run, status, outcome: outcome === undefined ? null : wireBytes(outcome) });
  }

  /** Counts a change and gives the run another expiry; returns the version. */
  touch(run: number, ttlMs: number, now: number): number {
    return this.#statements.touch.get({ run, now, expiresAt: now + ttlMs })?.['version'] as number;
  }

  page({ status, ...request }: RunListRequest, now: number): KeyPage {
    const { page, pageOfStatus } = this.#statements;
    const where = { namespace: this.#namespace, now };
    return keyPage(request, (bounds) => {
      const rows =
        status === undefined ? page.all({ ...where, ...bounds }) : pageOfStatus.all({ ...where, ...bounds, status });
      return rows as unknown as readonly KeyRow[];
    });
  }

  #row(name: string, now: number): RunRow | undefined {
    return this.#statements.find.get({ ...this.#where(name), now }) as unknown as RunRow | undefined;
  }

  #where(name: string): { readonly namespace: number; readonly name: Buffer } {
    return { namespace: this.#namespace, name: wireBytes(name) };
  }
}

interface RunRow {
  readonly id: number;
  readonly incarnation: Uint8Array;
  readonly status: RunStatus;
  readonly currentStep: Uint8Array | null;
  readonly outcome: Uint8Array | null;
  readonly fence: number;
  readonly version: number;
  readonly openings: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
}

interface StepRow {
  readonly name: Uint8Array;
  readonly text: Uint8Array;
}
