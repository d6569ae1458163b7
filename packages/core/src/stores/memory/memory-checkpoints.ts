import type { Clock } from '../../clock.ts';
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
  PruneRequest,
  StoredCheckpoint,
  ThreadChange,
  ThreadSize,
  ThreadTerms,
} from '../../store/checkpoint-store.ts';
import type { KeyPage, KeyPageRequest } from '../../store/key-page.ts';
import { MemoryThread } from './memory-thread.ts';
import { SortedKeys } from './sorted-keys.ts';
import { ThreadFences } from './thread-fences.ts';

/**
 * Holds the checkpoints of one namespace in memory, gone with the process. Nothing is evicted: a thread stays until it is
 * deleted or its time is over.
 */
export class MemoryCheckpoints implements CheckpointStore {
  readonly #clock: Clock;
  readonly #sweepMs: number;
  readonly #threads = new Map<string, MemoryThread>();
  readonly #names = new SortedKeys();
  readonly #fences = new ThreadFences();
  #cancelSweep: (() => void) | undefined;

  /** @param sweepMs is the time between two looks for threads whose time is over */
  constructor(clock: Clock, sweepMs: number) {
    this.#clock = clock;
    this.#sweepMs = sweepMs;
  }

  put(draft: CheckpointDraft, terms: ThreadTerms = {}): CheckpointPut {
    const refusal = this.#fences.refusal(draft.thread, terms.fence);
    if (refusal !== undefined) return refusal;
    const thread = this.#find(draft.thread) ?? new MemoryThread();
    const result = thread.put(draft);
    if (result.kind === 'stored') this.#keep(draft.thread, thread, terms);
    return result;
  }

  putWrites(place: CheckpointPlace, writes: readonly CheckpointWrite[], terms: ThreadTerms = {}): ThreadChange {
    const refusal = this.#fences.refusal(place.thread, terms.fence);
    if (refusal !== undefined || writes.length === 0) return refusal ?? STORED;
    const thread = this.#find(place.thread) ?? new MemoryThread();
    thread.putWrites(place, writes);
    this.#keep(place.thread, thread, terms);
    return STORED;
  }

  read(place: CheckpointQuery, { ttlMs }: ThreadTerms = {}): StoredCheckpoint | undefined {
    const thread = this.#find(place.thread);
    const found = thread?.read(place.thread, place);
    if (thread !== undefined && found !== undefined) this.#keep(place.thread, thread, { ttlMs });
    return found;
  }

  list(request: CheckpointListRequest): CheckpointPage {
    return this.#find(request.thread)?.list(request) ?? { checkpoints: [], more: false };
  }

  history(place: CheckpointQuery, channels: readonly string[]): readonly ChannelHistory[] {
    return (this.#find(place.thread) ?? new MemoryThread()).history(place, channels);
  }

  threads(request: KeyPageRequest): KeyPage {
    return this.#names.page(request, (name) => this.#find(name) !== undefined);
  }

  size(thread: string): ThreadSize | undefined {
    return this.#find(thread)?.size();
  }

  deleteThread(thread: string, { fence }: ThreadTerms = {}): ThreadChange {
    const refusal = this.#fences.refusal(thread, fence);
    if (refusal === undefined) this.#delete(thread);
    return refusal ?? STORED;
  }

  copyThread(from: string, to: string, terms: ThreadTerms = {}): ThreadChange {
    const refusal = this.#fences.refusal(to, terms.fence);
    if (refusal !== undefined || from === to) return refusal ?? STORED;
    const thread = this.#find(from);
    this.#delete(to);
    if (thread !== undefined) this.#keep(to, thread.copy(), terms);
    return STORED;
  }

  prune(thread: string, request: PruneRequest): number {
    return this.#find(thread)?.prune(request) ?? 0;
  }

  /** Stops looking for what is over. */
  close(): void {
    this.#cancelSweep?.();
    this.#cancelSweep = undefined;
  }

  #find(name: string): MemoryThread | undefined {
    const thread = this.#threads.get(name);
    return thread !== undefined && thread.expiresAt > this.#clock.now() ? thread : undefined;
  }

  #keep(name: string, thread: MemoryThread, { ttlMs }: ThreadTerms): void {
    if (ttlMs !== undefined) {
      thread.expiresAt = this.#clock.now() + ttlMs;
      this.#scheduleSweep();
    }
    this.#threads.set(name, thread);
    this.#names.add(name);
  }

  #delete(name: string): void {
    if (!this.#threads.delete(name)) return;
    this.#names.delete(name);
    this.#fences.release(name, this.#clock.now());
    this.#scheduleSweep();
  }

  #scheduleSweep(): void {
    this.#cancelSweep ??= this.#clock.after(this.#sweepMs, () => {
      this.#cancelSweep = undefined;
      const now = this.#clock.now();
      let isExpiring = false;
      for (const [name, { expiresAt }] of this.#threads) {
        if (expiresAt <= now) this.#delete(name);
        else isExpiring ||= expiresAt < Infinity;
      }
      if (this.#fences.forget(now) || isExpiring) this.#scheduleSweep();
    });
  }
}

const STORED: ThreadChange = { kind: 'stored' };
