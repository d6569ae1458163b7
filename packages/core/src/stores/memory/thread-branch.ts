import type { CheckpointWrite } from '../../store/checkpoint-store.ts';
import type { ListNode } from './list-tree.ts';
import { compareKeys } from './sorted-keys.ts';

/** Is a value that a channel holds, bytes or a list; several checkpoints may refer to it. */
export type SharedValue = { readonly version: string } & (
  | { readonly value: Uint8Array }
  | { readonly value?: undefined; readonly list: ListNode | undefined }
);

/** Is a checkpoint as it is kept. */
export interface KeptCheckpoint {
  readonly namespace: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly record: Uint8Array;
  readonly metadata: Uint8Array;
  readonly values: ReadonlyMap<string, SharedValue>;
  /** Names the channels that are made of what was written to them. */
  readonly replayed: readonly string[];
}

/** Holds one namespace of a thread. */
export class ThreadBranch {
  /** Holds the ids in order; a new one nearly always comes last. */
  readonly ids: string[] = [];
  readonly checkpoints: Map<string, KeptCheckpoint> = new Map();
  /** Holds the writes beside each id, by task and index. */
  readonly writes: Map<string, Map<string, CheckpointWrite>> = new Map();

  add(checkpoint: KeptCheckpoint): void {
    const { id } = checkpoint;
    if (!this.checkpoints.has(id)) {
      let place = this.ids.length;
      while (place > 0 && compareKeys(this.ids[place - 1] as string, id) > 0) place -= 1;
      this.ids.splice(place, 0, id);
    }
    this.checkpoints.set(id, checkpoint);
  }

  /** Returns the writes beside an id, in order. */
  ordered(id: string): CheckpointWrite[] {
    return [...(this.writes.get(id)?.values() ?? [])].toSorted(
      (one, other) => compareKeys(one.path, other.path) || compareKeys(one.task, other.task) || one.index - other.index,
    );
  }

  /** Removes checkpoints, but for those that others need which stay, and returns how many. */
  remove(superseded: readonly string[]): number {
    const going = new Set(superseded);
    for (const id of this.ids) {
      if (going.has(id)) continue;
      for (const needed of this.#ancestorsOf(this.checkpoints.get(id) as KeptCheckpoint)) going.delete(needed);
    }
    if (going.size === 0) return 0;
    this.ids.splice(0, this.ids.length, ...this.ids.filter((id) => !going.has(id)));
    for (const id of going) {
      this.checkpoints.delete(id);
      this.writes.delete(id);
    }
    return going.size;
  }

  /** Goes through the ancestors from which channels are replayed, up to those that hold the last of them. */
  *#ancestorsOf({ parent, replayed }: KeptCheckpoint): Generator<string> {
    const open = new Set(replayed);
    const seen = new Set<string>();
    for (let at = parent; at !== undefined && open.size > 0 && !seen.has(at);) {
      seen.add(at);
      yield at;
      const ancestor = this.checkpoints.get(at);
      for (const channel of ancestor?.values.keys() ?? []) open.delete(channel);
      at = ancestor?.parent;
    }
  }

  copy(): ThreadBranch {
    const copy = new ThreadBranch();
    copy.ids.push(...this.ids);
    for (const [id, checkpoint] of this.checkpoints) copy.checkpoints.set(id, checkpoint);
    for (const [id, writes] of this.writes) copy.writes.set(id, new Map(writes));
    return copy;
  }
}
