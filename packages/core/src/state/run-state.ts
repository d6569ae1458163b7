import type { RunStatus } from '../store/run-store.ts';
import type { StatePorts } from './state-ports.ts';
import { valueOf } from './value-text.ts';

/** Is how far a run is. */
export interface RunState {
  readonly id: string;
  readonly status: RunStatus;
  /** Names the step that was recorded last. */
  readonly currentStep: string | undefined;
  /** Holds what the steps have returned, by their ids, in the order in which they were recorded. */
  readonly results: Readonly<Record<string, unknown>>;
  /** Is what a completed run has ended with. */
  readonly result: unknown;
  /** Is the message of the error that a failed run has ended with. */
  readonly error: string | undefined;
  /** Counts how often a worker has taken the run. */
  readonly attempts: number;
  /** Goes up with every change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
}

/** Reads how far a run is. */
export async function readRun(ports: StatePorts, id: string): Promise<RunState | undefined> {
  const run = await ports.read(`run ${id}`, ({ runs }) => runs.read(id));
  if (run === undefined) return undefined;
  const { status, currentStep, outcome, openings, version } = run;
  const ended = outcome === undefined ? undefined : valueOf(outcome, `the outcome of run ${id}`);
  const results = [...run.steps].map(([step, text]) => [step, valueOf(text, `step ${step} of run ${id}`)] as const);
  return {
    id,
    status,
    currentStep,
    results: Object.fromEntries(results),
    result: status === 'completed' ? ended : undefined,
    error: status === 'failed' ? (ended as string) : undefined,
    attempts: openings,
    version,
    createdAt: new Date(run.createdAt),
    updatedAt: new Date(run.updatedAt),
    expiresAt: new Date(run.expiresAt),
  };
}
