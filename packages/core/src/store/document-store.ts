import type { MaybePromise } from '../maybe-promise.ts';
import type { KeyPage, KeyPageRequest } from './key-page.ts';

/**
 * Holds the documents of one space: values, counters and lists, each under a key.
 *
 * The contract in one paragraph. Every method is one step for everybody who shares the data: `read` sees one moment, and
 * `apply` carries out all of its changes or none. Versions come from one counter per space that only goes up, so a key
 * that was deleted and written again never has a version it had before. A key remembers the highest fence that has
 * written to it, also after it was deleted, cleared or has expired, for a day at least; a change with a lower one is
 * refused. A store remembers what it has answered under an operation id for a minute at least, one inside the
 * process for ten thousand operations if that is shorter: the same call once more changes nothing and has the same answer,
 * so a caller whose reply was lost asks again. That holds for a refusal, too: the first request may arrive after the second
 * one was refused, and its caller has been told that nothing was changed. A refused call changes nothing;
 * of several obstacles, the first change counts, and there a fence before a version before what the document holds.
 * A document whose time is over is not there, for any method.
 *
 * What is not part of the contract: how values become text, which sizes and values are allowed, and retries.
 *
 * Methods throw or reject when the store is out of reach; whether the change has happened is then unknown.
 */
export interface DocumentStore {
  /** Returns the documents under these keys, in the order of the keys. */
  read(keys: readonly string[]): MaybePromise<readonly (StoredDocument | undefined)[]>;

  /**
   * Carries out changes of different keys, all of them or none.
   *
   * @param operation identifies the call; whoever repeats it passes the same id
   */
  apply(operation: string, changes: readonly DocumentChange[]): MaybePromise<ApplyResult>;

  /** Returns a page of the keys of documents that are there; its cost is the page's, not the space's. */
  keys(request: KeyPageRequest): MaybePromise<KeyPage>;

  /** Deletes every document of the space, and returns how many there were. The fences and the version counter stay. */
  clear(operation: string): MaybePromise<number>;
}

/** Is what a document holds. */
export type DocumentContent =
  /** Is a value as text; the store does not look into it. */
  | { readonly form: 'value'; readonly text: string }
  /** Is a finite number that is not -0, on which `increment` works. */
  | { readonly form: 'number'; readonly number: number }
  /** Is a list of texts without line breaks, to which `append` adds. */
  | { readonly form: 'list'; readonly items: readonly string[] };

/** Is a document as it was at the moment of the read. */
export interface StoredDocument {
  readonly content: DocumentContent;
  /** Is what the writer has noted about the value, as text without line breaks. */
  readonly metadata: string | undefined;
  /** Is at least 1. */
  readonly version: number;
  /** Is when the key came to hold a document, in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Is when its time is over; undefined for a document that stays. */
  readonly expiresAt: number | undefined;
}

/** Is what every change of a document says. */
interface ChangeBase {
  readonly key: string;
  /** Refuses the change unless the document has this version; 0 stands for a document that is not there. */
  readonly expectedVersion?: number | undefined;
  /** Refuses the change if the key has seen a higher fence. */
  readonly fence?: number | undefined;
}

/** Replaces a document. */
export interface SetChange extends ChangeBase {
  readonly kind: 'set';
  readonly content: DocumentContent;
  readonly metadata?: string | undefined;
  /** Is how long the document stays, in milliseconds. Default: for good. */
  readonly ttlMs?: number | undefined;
  /** Keeps metadata and expiry of the document that is there, whatever `metadata` and `ttlMs` say. Default: false. */
  readonly keep?: boolean | undefined;
}

/** Deletes a document; it need not be there. */
interface DeleteChange extends ChangeBase {
  readonly kind: 'delete';
}

/** Adds to a number; without a document, to 0. Metadata and expiry stay, and `ttlMs` is for a new document. */
interface IncrementChange extends ChangeBase {
  readonly kind: 'increment';
  readonly by: number;
  readonly ttlMs?: number | undefined;
}

/** Adds items at the end of a list; without a document, of an empty one. Metadata and expiry stay, and `ttlMs` is for a new document. */
interface AppendChange extends ChangeBase {
  readonly kind: 'append';
  readonly items: readonly string[];
  readonly ttlMs?: number | undefined;
  /** Bounds the sum of the items' lengths in UTF-8, a line break for each included. */
  readonly maxBytes: number;
}

/** Gives a document that is there a new expiry; its version stays. */
interface TouchChange extends ChangeBase {
  readonly kind: 'touch';
  readonly ttlMs: number;
}

/** Is one change of one document. */
export type DocumentChange = SetChange | DeleteChange | IncrementChange | AppendChange | TouchChange;

/** Says what one change has found and done. */
export interface AppliedChange {
  /** Is the version of the document from now on; 0 where there is none. */
  readonly version: number;
  /** Tells whether the document was there before. */
  readonly existed: boolean;
  /** Is the number after an increment, and the length of the list after an append; 0 for other changes. */
  readonly amount: number;
}

/** Names what stands in the way of a change. */
export type RefusalReason = 'version' | 'fence' | 'not-a-number' | 'overflow' | 'not-a-list' | 'too-large';

/** Is what became of a call of `apply`. */
export type ApplyResult =
  | { readonly kind: 'applied'; readonly changes: readonly AppliedChange[] }
  | {
      readonly kind: 'refused';
      /** Is the key of the first change that cannot be carried out. */
      readonly key: string;
      readonly reason: RefusalReason;
      /** Is the version of the document that is there, or 0. */
      readonly version: number;
      /** Is the highest fence that the key has seen, or 0. */
      readonly fence: number;
    };
