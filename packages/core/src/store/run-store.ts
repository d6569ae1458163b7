import type { MaybePromise } from '../maybe-promise.ts';
import type { KeyPage } from './key-page.ts';
import type { LogDraft, LogStore } from './log-store.ts';

/**
 * Holds the runs of one namespace: what their steps have returned, and how far they are.
 *
 * The contract in one paragraph. `record` is one step for everybody who shares the data: the result of a step, the status
 * and the events that tell of them are there together or not at all. A run remembers the highest fence that has opened it,
 * and refuses what comes with a lower one. A step that has a result keeps it. Both methods are idempotent by their
 * operation id for a minute at least, refused ones too; one that has opened a run tells how the run is by then. A run expires as a whole and is never half there; its log goes with it, unless
 * something else was appended to it later.
 *
 * Methods throw or reject when the store is out of reach; whether the change has happened is then unknown.
 */
export interface RunStore {
  /**
   * Opens a run for the holder of a fence, which from now on is the lowest one that may record. Creates it if need be. Of a
   * completed run nothing else changes.
   */
  open(operation: string, request: RunOpening): MaybePromise<RunOpened>;

  /** Records what has happened in a run. */
  record(operation: string, record: RunRecord): MaybePromise<RunRecorded>;

  read(id: string): MaybePromise<StoredRun | undefined>;

  /** Returns a page of the ids of runs, sorted; where it takes several steps to list them, one may be missing that changes its status meanwhile. */
  list(request: RunListRequest): MaybePromise<KeyPage>;

  /** Removes a run and its log, and tells whether it was there. */
  delete(operation: string, id: string): MaybePromise<boolean>;

  /** Opens the log of a run, to which `record` appends. It may be there before the run is. */
  log(id: string): LogStore;
}

/** Says how far a run is. */
export type RunStatus = 'running' | 'completed' | 'failed';

/** Is a run as it was at the moment of the read. */
export interface StoredRun {
  /** Is what tells this run from an earlier or later one of the same id. */
  readonly incarnation: string;
  readonly status: RunStatus;
  /** Names the step that was recorded last. */
  readonly currentStep: string | undefined;
  /** Holds what the steps have returned, as text, in the order in which they were recorded. */
  readonly steps: ReadonlyMap<string, string>;
  /** Is the result of a completed run or the error of a failed one, as text. */
  readonly outcome: string | undefined;
  /** Counts the changes. */
  readonly version: number;
  /** Counts how often the run was opened. */
  readonly openings: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
}

/** Opens a run. */
export interface RunOpening {
  readonly id: string;
  readonly fence: number;
  /** Becomes the incarnation of the run if it is not there yet. */
  readonly incarnation: string;
  readonly ttlMs: number;
  /** Are appended to the log in the same step if the run is created. */
  readonly createdEvents: readonly LogDraft[];
  /** Are appended to the log in the same step if the run was there already, and was not completed. */
  readonly resumedEvents: readonly LogDraft[];
  /** Is how many events the log keeps. */
  readonly maxEvents: number;
}

/** Is the answer to an opening. */
export type RunOpened =
  | { readonly kind: 'opened'; readonly run: StoredRun }
  /** Says that a higher fence has opened the run. */
  | { readonly kind: 'stale'; readonly fence: number }
  /** Says that this operation has opened the run before, and that the run has expired or was deleted since. */
  | { readonly kind: 'gone' };

/** Is what has happened in a run. */
export interface RunRecord {
  readonly id: string;
  readonly incarnation: string;
  readonly fence: number;
  /** Is a step that has returned. */
  readonly step?: { readonly id: string; readonly text: string } | undefined;
  /** Is the status from now on. Default: as it was. */
  readonly status?: RunStatus | undefined;
  /** Is what a run that ends leaves behind; a status of `running` takes it away. */
  readonly outcome?: string | undefined;
  readonly events: readonly LogDraft[];
  /** Is how many events the log keeps. */
  readonly maxEvents: number;
  /** Is how long the run stays after this record. */
  readonly ttlMs: number;
}

/** Is the answer to a record. */
export type RunRecorded =
  | { readonly kind: 'recorded'; readonly version: number }
  | { readonly kind: 'stale'; readonly fence: number }
  /** Says that the run has expired or was deleted, whether or not there is another of the same id. */
  | { readonly kind: 'gone' };

/** Asks for runs. */
export interface RunListRequest {
  /** Is the status that they have. Default: any. */
  readonly status?: RunStatus | undefined;
  readonly prefix: string;
  readonly after: string | undefined;
  readonly limit: number;
}
