import type {
  ChannelHistory,
  CheckpointDraft,
  CheckpointListRequest,
  CheckpointPage,
  CheckpointPlace,
  CheckpointPut,
  CheckpointQuery,
  CheckpointStore,
  CheckpointWrite,
  KeyPage,
  KeyPageRequest,
  PruneRequest,
  StoredCheckpoint,
  ThreadChange,
  ThreadSize,
  ThreadTerms,
} from '@keepstep/core';
import { StateError } from '@keepstep/core/state';

import { isStagingThread } from '../transfer/staging-thread.ts';
import type { ThreadOwnership } from './thread-ownership.ts';

/** Says on what terms a checkpointer changes threads. */
export interface SaverTerms {
  /** Is how long a thread stays after it was used last. */
  readonly ttlMs: number | undefined;
  /** Tells whether reading is using. */
  readonly refreshesOnRead: boolean;
  readonly ownership: ThreadOwnership | undefined;
}

/**
 * Changes threads of a store on the terms of a checkpointer: how long they stay, and under which fence.
 *
 * A refusal is an error here, of code `stale_fence`.
 */
export class TermedCheckpoints implements CheckpointStore {
  readonly #store: CheckpointStore;
  readonly #terms: SaverTerms;

  constructor(store: CheckpointStore, terms: SaverTerms) {
    this.#store = store;
    this.#terms = terms;
  }

  async put(draft: CheckpointDraft): Promise<CheckpointPut> {
    const terms = await this.#termsFor(draft.thread);
    const result = await this.#store.put(draft, terms);
    return result.kind === 'stale' ? this.#refuse(draft.thread, result.fence, terms) : result;
  }

  async putWrites(place: CheckpointPlace, writes: readonly CheckpointWrite[]): Promise<ThreadChange> {
    const terms = await this.#termsFor(place.thread);
    return this.#done(place.thread, await this.#store.putWrites(place, writes, terms), terms);
  }

  async read(place: CheckpointQuery): Promise<StoredCheckpoint | undefined> {
    const { ttlMs, refreshesOnRead } = this.#terms;
    return this.#store.read(place, refreshesOnRead ? { ttlMs } : {});
  }

  async list(request: CheckpointListRequest): Promise<CheckpointPage> {
    return this.#store.list(request);
  }

  async history(place: CheckpointQuery, channels: readonly string[]): Promise<readonly ChannelHistory[]> {
    return this.#store.history(place, channels);
  }

  async threads(request: KeyPageRequest): Promise<KeyPage> {
    return this.#store.threads(request);
  }

  async size(thread: string): Promise<ThreadSize | undefined> {
    return this.#store.size(thread);
  }

  async deleteThread(thread: string): Promise<ThreadChange> {
    const terms = await this.#termsFor(thread);
    return this.#done(thread, await this.#store.deleteThread(thread, terms), terms);
  }

  async copyThread(from: string, to: string): Promise<ThreadChange> {
    const terms = await this.#termsFor(to);
    return this.#done(to, await this.#store.copyThread(from, to, terms), terms);
  }

  async prune(thread: string, request: PruneRequest): Promise<number> {
    return this.#store.prune(thread, request);
  }

  async #termsFor(thread: string): Promise<ThreadTerms> {
    // What is left of one when a process dies goes by itself.
    if (isStagingThread(thread)) return { ttlMs: STAGING_MS };
    return { ttlMs: this.#terms.ttlMs, fence: await this.#terms.ownership?.fenceOf(thread) };
  }

  #done(thread: string, change: ThreadChange, terms: ThreadTerms): ThreadChange {
    return change.kind === 'stale' ? this.#refuse(thread, change.fence, terms) : change;
  }

  #refuse(thread: string, seen: number, { fence }: ThreadTerms): never {
    this.#terms.ownership?.lose(thread);
    const message =
      `Another worker has taken over the thread ${JSON.stringify(thread)}: ` +
      `it was changed under the fence ${seen}, and this change has ${fence}. Nothing was changed.`;
    throw new StateError('stale_fence', message, { subject: thread, fence: seen });
  }
}

/** Is a day: nobody fills a thread for so long. */
const STAGING_MS = 86_400_000;
