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
  StoredCheckpoint,
} from '../../store/checkpoint-store.ts';
import type { KeyPage, KeyPageRequest } from '../../store/key-page.ts';
import { MemoryThread } from './memory-thread.ts';
import { SortedKeys } from './sorted-keys.ts';

/** Holds the checkpoints of one namespace in memory, gone with the process. Nothing is evicted: a thread stays until it is deleted. */
export class MemoryCheckpoints implements CheckpointStore {
  readonly #threads = new Map<string, MemoryThread>();
  readonly #names = new SortedKeys();

  put(draft: CheckpointDraft): CheckpointPut {
    const thread = this.#threads.get(draft.thread) ?? new MemoryThread();
    const result = thread.put(draft);
    if (result.kind === 'stored') this.#keep(draft.thread, thread);
    return result;
  }

  putWrites(place: CheckpointPlace, writes: readonly CheckpointWrite[]): void {
    if (writes.length === 0) return;
    const thread = this.#threads.get(place.thread) ?? new MemoryThread();
    thread.putWrites(place, writes);
    this.#keep(place.thread, thread);
  }

  read(place: CheckpointQuery): StoredCheckpoint | undefined {
    return this.#threads.get(place.thread)?.read(place.thread, place);
  }

  list(request: CheckpointListRequest): CheckpointPage {
    return this.#threads.get(request.thread)?.list(request) ?? { checkpoints: [], more: false };
  }

  history(place: CheckpointQuery, channels: readonly string[]): readonly ChannelHistory[] {
    return (this.#threads.get(place.thread) ?? new MemoryThread()).history(place, channels);
  }

  threads(request: KeyPageRequest): KeyPage {
    return this.#names.page(request, () => true);
  }

  deleteThread(thread: string): void {
    if (this.#threads.delete(thread)) this.#names.delete(thread);
  }

  copyThread(from: string, to: string): void {
    const thread = this.#threads.get(from);
    if (thread === undefined) this.deleteThread(to);
    else this.#keep(to, thread.copy());
  }

  prune(thread: string, keepLast: number): number {
    return this.#threads.get(thread)?.prune(keepLast) ?? 0;
  }

  #keep(name: string, thread: MemoryThread): void {
    this.#threads.set(name, thread);
    this.#names.add(name);
  }
}
