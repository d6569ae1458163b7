import assert from 'node:assert/strict';

import { takeSnapshot, type Isolation } from '../codec/value-snapshot.ts';
import type { ResourcePath } from '../resource/resource-path.ts';
import { GLOBAL_TREE, readTags, writeTags, type ResourceTree } from '../resource/resource-tags.ts';
import type {
  Acquisition,
  Barrier,
  CommitResult,
  EntryAddress,
  EntryDraft,
  EntryStore,
  Lease,
  MissReason,
  SessionHandle,
  StoredEntry,
} from '../store/entry-store.ts';

/** Says what a call of a case depends on. */
export interface ReadSpec {
  /** Lists resources of the global tree. */
  readonly reads?: readonly ResourcePath[] | undefined;
  /** Lists further tags. */
  readonly tags?: readonly string[] | undefined;
  readonly session?: SessionHandle | undefined;
  readonly refresh?: boolean | undefined;
  readonly isolation?: Isolation | undefined;
}

/** Says how a case stores a value. */
export interface StoreSpec extends ReadSpec {
  readonly ttlMs?: number | undefined;
  readonly retainMs?: number | undefined;
  readonly loadMs?: number | undefined;
}

/** Says where a write of a case takes place. */
export interface WriteSpec {
  readonly tree?: ResourceTree | undefined;
  readonly session?: SessionHandle | undefined;
}

/** Is a load that a case leads. */
export interface CaseLoad {
  readonly lease: Lease;
  readonly reason: MissReason;
  readonly culprit: string | undefined;
  /** Offers a value to the store; without a spec of its own, with the tags of the read that leads. */
  commit(value: unknown, spec?: StoreSpec): Promise<CommitResult>;
  release(): Promise<void>;
}

const DEFAULT_TTL_MS = 60_000;

/** Speaks to one client's entries in the words of the cases; awaits every answer, for no store need answer at once. */
export class StoreClient {
  readonly entries: EntryStore;

  constructor(entries: EntryStore) {
    this.entries = entries;
  }

  async acquire(key: string, spec: ReadSpec = {}): Promise<Acquisition> {
    const { session, refresh = false, isolation = 'copy' } = spec;
    return this.entries.acquire({ address: { key, session }, tags: tagsOf(spec), refresh, isolation });
  }

  /** Becomes the leader of a load. */
  async lead(key: string, spec: ReadSpec = {}): Promise<CaseLoad> {
    const acquired = await this.acquire(key, spec);
    if (acquired.kind !== 'lead') assert.fail(`expected a lease for ${JSON.stringify(key)}, got "${acquired.kind}"`);
    const { lease, reason, culprit } = acquired;
    return {
      lease,
      reason,
      culprit,
      commit: (value, own = spec) => this.commit(lease, value, own),
      release: async () => this.entries.release(lease),
    };
  }

  async commit(lease: Lease, value: unknown, spec: StoreSpec = {}): Promise<CommitResult> {
    return this.entries.commit(lease, draftOf(value, spec));
  }

  /** Finds a load of somebody else to wait for. */
  async follow(key: string, spec: ReadSpec = {}): Promise<Extract<Acquisition, { kind: 'follow' }>> {
    const acquired = await this.acquire(key, spec);
    if (acquired.kind !== 'follow')
      assert.fail(`expected a load of ${JSON.stringify(key)} to follow, got "${acquired.kind}"`);
    return acquired;
  }

  /** Loads a value and stores it. */
  async keep(key: string, value: unknown, spec: StoreSpec = {}): Promise<void> {
    const load = await this.lead(key, spec);
    assert.equal(await load.commit(value, spec), 'stored');
  }

  /** Stores a value directly. */
  async put(key: string, value: unknown, spec: StoreSpec = {}): Promise<void> {
    await this.entries.put({ key, session: spec.session }, draftOf(value, spec));
  }

  async delete(key: string, session?: SessionHandle): Promise<boolean> {
    return this.entries.delete({ key, session });
  }

  /** Invalidates what depends on these resources. */
  async invalidate(resources: readonly ResourcePath[], { tree = GLOBAL_TREE, session }: WriteSpec = {}): Promise<void> {
    await this.entries.invalidate(writeTags(tree, resources), session);
  }

  /** Opens a barrier around these resources; the returned function closes it. */
  async openBarrier(
    id: string,
    resources: readonly ResourcePath[],
    maxMs: number,
    spec: WriteSpec = {},
  ): Promise<() => Promise<void>> {
    const barrier: Barrier = { id, tags: writeTags(spec.tree ?? GLOBAL_TREE, resources), session: spec.session };
    await this.entries.openBarrier(barrier, maxMs);
    return async () => this.entries.closeBarrier(barrier);
  }

  async openSession(id: string, userId?: string): Promise<SessionHandle> {
    return this.entries.openSession(id, userId);
  }

  async endSession(session: SessionHandle): Promise<void> {
    await this.entries.endSession(session);
  }

  async clear(): Promise<void> {
    await this.entries.clear();
  }

  /** Asserts that a read is answered with this value, whichever way it asks. */
  async assertHit(key: string, value: unknown, spec: ReadSpec = {}): Promise<void> {
    const acquired = await this.acquire(key, spec);
    if (acquired.kind !== 'hit')
      assert.fail(`expected a hit for ${JSON.stringify(key)}, got ${await this.#undo(acquired)}`);
    assert.deepStrictEqual(acquired.entry.snapshot.open(), value);
    const address = { key, session: spec.session };
    const peeked = this.entries.peek(address, tagsOf(spec));
    if (peeked !== undefined) assert.deepStrictEqual(peeked.snapshot.open(), value);
    const proved = await this.#prove(address, spec);
    if (proved !== undefined) assert.deepStrictEqual(proved.snapshot.open(), value);
    assert.equal((await this.entries.inspect(address, tagsOf(spec))).state, 'fresh');
  }

  /** Asserts that no read is answered from the store, whichever way it asks; gives back the lease that asking may get. */
  async assertGone(key: string, spec: ReadSpec = {}): Promise<void> {
    this.#assertNothingToPeek(key, spec);
    const proved = await this.#prove({ key, session: spec.session }, spec);
    assert.ok(proved === undefined, `a proof shows ${JSON.stringify(key)}`);
    const { state } = await this.entries.inspect({ key, session: spec.session }, tagsOf(spec));
    assert.notEqual(state, 'fresh');
    await this.assertMiss(key, spec);
    this.#assertNothingToPeek(key, spec);
  }

  /** Asserts that `acquire` answers with no entry; `peek` may find one whose ttl is over. */
  async assertMiss(key: string, spec: ReadSpec = {}): Promise<void> {
    const acquired = await this.acquire(key, spec);
    assert.notEqual(await this.#undo(acquired), 'hit', `${JSON.stringify(key)} is a hit`);
  }

  /** Returns the copy that the store can prove valid, if there is one. */
  async #prove(address: EntryAddress, spec: ReadSpec): Promise<StoredEntry | undefined> {
    return (await this.entries.prove?.(address))?.peek(address, tagsOf(spec));
  }

  #assertNothingToPeek(key: string, spec: ReadSpec): void {
    const peeked = this.entries.peek({ key, session: spec.session }, tagsOf(spec));
    assert.ok(peeked === undefined, `peek finds ${JSON.stringify(key)}`);
  }

  async #undo(acquired: Acquisition): Promise<string> {
    if (acquired.kind === 'lead') await this.entries.release(acquired.lease);
    return acquired.kind;
  }
}

function tagsOf({ reads, tags = [] }: ReadSpec): string[] {
  return [...(reads === undefined ? [] : readTags(GLOBAL_TREE, reads)), ...tags];
}

function draftOf(value: unknown, spec: StoreSpec): EntryDraft {
  const { ttlMs = DEFAULT_TTL_MS, retainMs = 0, loadMs = 5, isolation = 'copy' } = spec;
  return { snapshot: takeSnapshot(value, isolation), tags: tagsOf(spec), ttlMs, retainMs, loadMs, local: undefined };
}
