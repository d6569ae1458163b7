import assert from 'node:assert/strict';

import { takeSnapshot } from '../codec/value-snapshot.ts';
import { isPromise } from '../maybe-promise.ts';
import { GLOBAL_TREE, readTags, writeTags } from '../resource/resource-tags.ts';
import type { Acquisition, EntryAddress, EntryDraft, EntryStore, StoredEntry } from '../store/entry-store.ts';
import { findStaleReads } from './history-checker.ts';
import { HistoryRecorder } from './history-recorder.ts';
import type { Process } from './interleavings.ts';

/**
 * Says how a read waits for a load that somebody else leads.
 *
 * - `join`: in the process of the leader; it takes the value as soon as it is there. Right only if the tags that it
 *   declares are all that the value depends on.
 * - `join-stored`: the same, but unless the load is current, it waits for the commit, and asks again unless the value was
 *   stored. Right for every value.
 * - `ask-again`: in another process; it asks again once the load is over.
 */
export type Following = 'join' | 'join-stored' | 'ask-again';

/** Is a load under way, as those who wait for it see it. */
interface SharedLoad {
  value: number | undefined;
  isOver: boolean;
  isStored: boolean;
}

const CART = 'cart';
const READ_TAGS: readonly string[] = readTags(GLOBAL_TREE, [[CART]]);
const WRITE_TAGS: readonly string[] = writeTags(GLOBAL_TREE, [[CART]]);

/**
 * Is a world of one resource, its cached reads and its writes, cut into atomic steps, for `exploreInterleavings`.
 *
 * The steps do with the entries what the pipeline does with them, in the same order. The source is a version number: it
 * is read in one step of a load, and raised in one step of a write. What touches nothing that others could see is no step
 * of its own: a read returns with its commit, and a write has resolved the moment it has invalidated, which promises the
 * most that can be promised.
 */
export class FreshnessWorld {
  /** Is the store that everybody uses; a fault may put another in its place. */
  entries: EntryStore;
  /** Is the version of the data. */
  version = 1;
  readonly address: EntryAddress = { key: CART };
  /** Lists what the reads met, in the order they met it. */
  readonly events: string[] = [];
  readonly #declared: readonly string[];
  readonly #history = new HistoryRecorder();
  readonly #loads = new Map<string, SharedLoad>();
  #promised = 0;

  /** @param declares says whether reads name what they depend on before the load; otherwise only the value tells */
  constructor(entries: EntryStore, declares = true) {
    this.entries = entries;
    this.#declared = declares ? READ_TAGS : [];
  }

  /** Is a read. */
  *read(following: Following = 'join'): Process {
    const finish = this.#history.startRead();
    for (;;) {
      const { address } = this;
      const asking = this.entries.acquire({ address, tags: this.#declared, isolation: 'share', refresh: false });
      const acquired: Acquisition = isPromise(asking) ? yield asking : asking;
      this.events.push(acquired.kind);
      if (acquired.kind === 'hit') {
        finish(CART, versionOf(acquired.entry));
        return 'acquire: hit';
      }
      if (acquired.kind === 'lead') {
        finish(CART, yield* this.#load(acquired));
        return 'commit';
      }
      assert.ok(acquired.kind === 'follow');
      const load = this.#loads.get(acquired.leaseId);
      assert.ok(load !== undefined, 'nobody has this lease');
      const trusts = following === 'join' || (following === 'join-stored' && acquired.current);
      yield { step: 'acquire: follow', until: () => (trusts ? load.value !== undefined : load.isOver) };
      if (trusts || (following === 'join-stored' && load.isStored)) {
        finish(CART, load.value as number);
        return 'follow to the end';
      }
    }
  }

  /** Is a write that invalidates once it is done. */
  *write(): Process {
    const version = this.mutate();
    yield 'mutate';
    const invalidating = this.entries.invalidate(WRITE_TAGS);
    if (isPromise(invalidating)) yield invalidating;
    this.promise(version);
    return 'invalidate';
  }

  /** Is a write behind a barrier; one that dies has changed the data and never says so. */
  *writeBehindBarrier(maxMs: number, dies = false): Process {
    const barrier = { id: 'write', tags: WRITE_TAGS };
    const opening = this.entries.openBarrier(barrier, maxMs);
    if (isPromise(opening)) yield opening;
    yield 'open barrier';
    const version = this.mutate();
    if (dies) return 'mutate and die';
    yield 'mutate';
    const closing = this.entries.closeBarrier(barrier);
    if (isPromise(closing)) yield closing;
    this.promise(version);
    return 'close barrier';
  }

  /** Is a write that invalidates before it changes anything, and not afterwards: wrong, for a check to find. */
  *writeAfterInvalidating(): Process {
    const invalidating = this.entries.invalidate(WRITE_TAGS);
    if (isPromise(invalidating)) yield invalidating;
    yield 'invalidate';
    this.promise(this.mutate());
    return 'mutate';
  }

  /** Changes the data, and returns its new version. */
  mutate(): number {
    this.version += 1;
    return this.version;
  }

  /** Notes that from now on no read may return less than this version. */
  promise(version: number): void {
    this.#promised = Math.max(this.#promised, version);
    this.#history.invalidated(CART, version);
  }

  /** Throws when the store is ready to serve what is older than it may be. */
  assertNothingStaleServed(): void {
    const peeked = this.entries.peek(this.address);
    assert.ok(peeked === undefined || versionOf(peeked) >= this.#promised, 'a stale value is served');
  }

  /** Throws when a read that started after an invalidation had resolved has returned an older version. */
  assertNothingStaleRead(): void {
    assert.deepEqual(findStaleReads(this.#history), [], 'a stale value was returned');
  }

  *#load({ lease }: Extract<Acquisition, { kind: 'lead' }>): Generator<string | Promise<unknown>, number> {
    const load: SharedLoad = { value: undefined, isOver: false, isStored: false };
    this.#loads.set(lease.id, load);
    yield 'acquire: lead';
    const version = this.version;
    yield 'load begins';
    load.value = version;
    yield 'load ends';
    const committing = this.entries.commit(lease, draftOf(version));
    const result: string = isPromise(committing) ? yield committing : committing;
    this.events.push(result);
    load.isOver = true;
    load.isStored = result === 'stored';
    return version;
  }
}

function draftOf(version: number): EntryDraft {
  const snapshot = takeSnapshot(version, 'share');
  return { snapshot, tags: READ_TAGS, ttlMs: 1_000, retainMs: 0, loadMs: 1, local: undefined };
}

function versionOf(entry: StoredEntry): number {
  return entry.snapshot.open() as number;
}
