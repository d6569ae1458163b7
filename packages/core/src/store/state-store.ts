import type { MaybePromise } from '../maybe-promise.ts';
import type { DocumentStore } from './document-store.ts';
import type { KeyPage, KeyPageRequest } from './key-page.ts';
import type { LockStore } from './lock-store.ts';
import type { LogStore } from './log-store.ts';
import type { RunStore } from './run-store.ts';

/**
 * Gathers the ports of durable state for one namespace.
 *
 * A cache may forget; state may not. Nothing here is evicted to make room, and a store that cannot answer says so: the
 * caller gets an error, never an empty answer in its place.
 */
export interface StateStore {
  /** Opens the documents of a space; it need not be there. */
  documents(space: string): DocumentStore;
  /** Returns a page of the spaces that hold a document; one whose last document has just gone may stay on it for a while. */
  spaces(request: KeyPageRequest): MaybePromise<KeyPage>;
  /** Opens a log; it need not be there. */
  log(name: string): LogStore;
  readonly locks: LockStore;
  readonly runs: RunStore;
}
