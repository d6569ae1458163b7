import type { MaybePromise } from '../maybe-promise.ts';
import type { ListDraft, ListPiece } from './checkpoint-list.ts';
import type { KeyPage, KeyPageRequest } from './key-page.ts';

/**
 * Holds the checkpoints of graphs: threads, in them the namespaces of graphs and their subgraphs, in those checkpoints.
 *
 * The contract in one paragraph. Every method is one step for everybody who shares the data, and may be repeated: the same
 * call once more changes nothing further. A checkpoint refers to the values of its channels; a value is stored once, by the
 * checkpoint that changed it, and whoever comes after it refers to it. A value belongs to the checkpoint that wrote it, not
 * to its version alone: two branches of a thread may give the same version to different values. Writes stand beside
 * checkpoints and need none: they may come first, and storing a checkpoint leaves them alone. Ids are compared by their
 * code points, and a greater one is newer. Threads never see each other, whatever their ids hold.
 *
 * What is not part of the contract: how values become bytes, and what is in them.
 *
 * Methods throw or reject when the store is out of reach; whether the change has happened is then unknown.
 */
export interface CheckpointStore {
  /**
   * Stores a checkpoint, in place of one at the same place. Where channels need a value that the parent does not share, or
   * a list that the thread does not hold, nothing is stored, and the answer names them: the caller comes again with their
   * values.
   */
  put(draft: CheckpointDraft, terms?: ThreadTerms): MaybePromise<CheckpointPut>;

  /** Stores writes: those below 0 in place of what is there, the others where nothing is. */
  putWrites(
    place: CheckpointPlace,
    writes: readonly CheckpointWrite[],
    terms?: ThreadTerms,
  ): MaybePromise<ThreadChange>;

  /**
   * Returns a checkpoint; without an id, the newest of the namespace. The cost does not depend on how many there are.
   *
   * @param terms lets the thread stay for longer, if the checkpoint is there
   */
  read(place: CheckpointQuery, terms?: Pick<ThreadTerms, 'ttlMs'>): MaybePromise<StoredCheckpoint | undefined>;

  /** Returns a page of a thread's checkpoints, newest first; several with one id are in an order of the store's own. */
  list(request: CheckpointListRequest): MaybePromise<CheckpointPage>;

  /** Returns what has become of some channels on the way to a checkpoint, itself excluded. */
  history(place: CheckpointQuery, channels: readonly string[]): MaybePromise<readonly ChannelHistory[]>;

  /** Returns a page of the threads that hold a checkpoint or a write. */
  threads(request: KeyPageRequest): MaybePromise<KeyPage>;

  /** Tells how much a thread holds; undefined for one that is not there. The cost grows with the thread. */
  size(thread: string): MaybePromise<ThreadSize | undefined>;

  /** Deletes a thread: checkpoints, values and writes of all its namespaces. */
  deleteThread(thread: string, terms?: Pick<ThreadTerms, 'fence'>): MaybePromise<ThreadChange>;

  /**
   * Puts all that a thread holds into another one, in place of what that holds; a thread that is not there clears it.
   *
   * @param terms are those of the other one
   */
  copyThread(from: string, to: string, terms?: ThreadTerms): MaybePromise<ThreadChange>;

  /**
   * Deletes checkpoints, their writes, and the values that nobody refers to any more. Returns how many checkpoints went. What
   * stays, stays whole: ancestors from which a channel is replayed stay with the checkpoint that needs them.
   */
  prune(thread: string, request: PruneRequest): MaybePromise<number>;
}

/**
 * Says on what terms a thread is changed.
 *
 * A thread lives and dies as a whole: when its time is over, it is not there any more, neither in part nor in a list. A
 * thread remembers the highest fence that it was changed under, for a day after it is gone, too; a change under a lower one
 * is refused in the same step. Who passes no fence takes no part in that.
 */
export interface ThreadTerms {
  /** Is the fence of the lock that the caller holds. Default: none. */
  readonly fence?: number | undefined;
  /** Is how long the thread stays from now on, in milliseconds. Default: as long as it would have. */
  readonly ttlMs?: number | undefined;
}

/** Is what became of a change of a thread. */
export type ThreadChange =
  | { readonly kind: 'stored' }
  /** Nothing was changed: the thread has seen this fence, which is higher. */
  | { readonly kind: 'stale'; readonly fence: number };

/** Is how much a thread holds. */
export interface ThreadSize {
  /** Counts the checkpoints, those of all namespaces. */
  readonly checkpoints: number;
  /** Is the length of all records, metadata, values and writes, without what the store needs to find them. */
  readonly bytes: number;
}

/** Says which checkpoints go. */
export interface PruneRequest {
  /** Is how many of the newest stay in each namespace, at least 1. */
  readonly keepLast: number;
  /**
   * Lets only those go that are older, in milliseconds since 1970. An id tells when it was made if it is a UUID of version 6;
   * other checkpoints stay. Default: they go whatever their age.
   */
  readonly olderThan?: number | undefined;
}

/** Says where a checkpoint stands. */
export interface CheckpointPlace {
  readonly thread: string;
  /** Is the namespace of the graph; '' is the outermost one. */
  readonly namespace: string;
  readonly id: string;
}

/** Asks for one checkpoint. */
export interface CheckpointQuery extends Omit<CheckpointPlace, 'id'> {
  /** Default: the newest one's. */
  readonly id?: string | undefined;
}

/** Is a checkpoint on its way into the store. */
export interface CheckpointDraft extends CheckpointPlace {
  /** Is the id of the checkpoint before it, which need not be there. */
  readonly parent: string | undefined;
  /** Is the checkpoint without the values of its channels. */
  readonly record: Uint8Array;
  readonly metadata: Uint8Array;
  /** Lists the channels that hold something, each once. */
  readonly channels: readonly ChannelDraft[];
}

/** Says what a channel holds. */
export interface ChannelDraft {
  readonly channel: string;
  readonly version: string;
  /** Is the value; without one, and without a list, the channel shares its parent's, where that has the same version. */
  readonly value?: Uint8Array | undefined;
  /** Is the value in pieces, in place of `value`. */
  readonly list?: ListDraft | undefined;
  /** Leaves the channel empty where there is nothing to share, instead of asking for the value. Default: false. */
  readonly optional?: boolean | undefined;
  /**
   * Says of an optional channel that its value is made of what was written to it since an ancestor held one: `prune` keeps
   * the ancestors up to there. Default: false.
   */
  readonly replayed?: boolean | undefined;
}

/** Is what became of a draft. */
export type CheckpointPut =
  | ThreadChange
  /** Names the channels that the parent does not share, and those whose list goes on from one that is not there. */
  | { readonly kind: 'missing'; readonly channels: readonly string[] };

/** Is what a task of a graph has written to a channel. */
export interface CheckpointWrite {
  readonly task: string;
  /** Tells apart the writes of a task; below 0 for those of which there is one of a kind. */
  readonly index: number;
  /** Says where in the graph the task stands: writes are in the order of their paths, tasks and indexes. */
  readonly path: string;
  readonly channel: string;
  readonly value: Uint8Array;
}

/** Is a checkpoint as it was at the moment of the read. */
export interface StoredCheckpoint extends CheckpointPlace {
  readonly parent: string | undefined;
  readonly record: Uint8Array;
  readonly metadata: Uint8Array;
  readonly values: readonly ChannelValue[];
  /** Lists the writes that stand beside it, in order. */
  readonly writes: readonly CheckpointWrite[];
}

/** Is what a channel holds. */
export type ChannelValue = ChannelContent & { readonly channel: string };

/** Is a value as it was put: whole, or in pieces. */
export type ChannelContent =
  | { readonly value: Uint8Array; readonly pieces?: undefined }
  | { readonly value?: undefined; readonly pieces: readonly ListPiece[] };

/** Asks for a page of checkpoints. */
export interface CheckpointListRequest {
  readonly thread: string;
  /** Default: all namespaces. */
  readonly namespace?: string | undefined;
  /** Leaves out all other ids. Default: every id. */
  readonly id?: string | undefined;
  /** Is what the page begins after: the last checkpoint of the page before, or an id, none of whose checkpoints is wanted. */
  readonly before?: { readonly id: string; readonly namespace?: string | undefined } | undefined;
  /** Is how many checkpoints the page holds at most. */
  readonly limit: number;
}

/** Is a page of checkpoints. */
export interface CheckpointPage {
  readonly checkpoints: readonly StoredCheckpoint[];
  /** Tells whether there are checkpoints after the last one of the page. */
  readonly more: boolean;
}

/** Is what has become of one channel, from the nearest ancestor that holds a value of it on. */
export interface ChannelHistory {
  readonly channel: string;
  /** Is that value; undefined where no ancestor holds one. */
  readonly seed: ChannelContent | undefined;
  /** Lists the writes to the channel since then, oldest first, those beside that ancestor included. */
  readonly writes: readonly CheckpointWrite[];
}
