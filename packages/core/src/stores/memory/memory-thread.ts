import type {
  ChannelContent,
  ChannelDraft,
  ChannelHistory,
  CheckpointDraft,
  CheckpointListRequest,
  CheckpointPage,
  CheckpointPlace,
  CheckpointPut,
  CheckpointQuery,
  CheckpointWrite,
  StoredCheckpoint,
} from '../../store/checkpoint-store.ts';
import { ListTree, piecesOf, type ListNode } from './list-tree.ts';
import { compareKeys } from './sorted-keys.ts';

/** Is a value that a channel holds, bytes or a list; several checkpoints may refer to it. */
type SharedValue = { readonly version: string } & (
  | { readonly value: Uint8Array }
  | { readonly value?: undefined; readonly list: ListNode | undefined }
);

interface KeptCheckpoint {
  readonly namespace: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly record: Uint8Array;
  readonly metadata: Uint8Array;
  readonly values: ReadonlyMap<string, SharedValue>;
}

/** Holds one namespace of a thread. */
class Branch {
  /** Holds the ids in order; a new one nearly always comes last. */
  readonly ids: string[] = [];
  readonly checkpoints = new Map<string, KeptCheckpoint>();
  /** Holds the writes beside each id, by task and index. */
  readonly writes = new Map<string, Map<string, CheckpointWrite>>();

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

  copy(): Branch {
    const copy = new Branch();
    copy.ids.push(...this.ids);
    for (const [id, checkpoint] of this.checkpoints) copy.checkpoints.set(id, checkpoint);
    for (const [id, writes] of this.writes) copy.writes.set(id, new Map(writes));
    return copy;
  }
}

/** Holds one thread in memory. Checkpoints refer to values, so a value goes when the last of them does. */
export class MemoryThread {
  readonly #branches = new Map<string, Branch>();
  #lists = new ListTree();

  put({ namespace, id, parent, record, metadata, channels }: CheckpointDraft): CheckpointPut {
    const inherited = parent === undefined ? undefined : this.#branches.get(namespace)?.checkpoints.get(parent)?.values;
    const missing = channels.filter((each) => this.#isMissing(each, inherited?.get(each.channel)));
    if (missing.length > 0) return { kind: 'missing', channels: missing.map(({ channel }) => channel) };
    const values = new Map<string, SharedValue>();
    for (const { channel, version, value, list } of channels) {
      const shared = inherited?.get(channel);
      if (list !== undefined) values.set(channel, { version, list: this.#lists.add(list) });
      else if (value !== undefined) values.set(channel, { version, value: value.slice() });
      else if (shared?.version === version) values.set(channel, shared);
    }
    this.#open(namespace).add({
      namespace,
      id,
      parent,
      record: record.slice(),
      metadata: metadata.slice(),
      values,
    });
    return { kind: 'stored' };
  }

  putWrites({ namespace, id }: CheckpointPlace, writes: readonly CheckpointWrite[]): void {
    const branch = this.#open(namespace);
    const kept = branch.writes.get(id) ?? new Map<string, CheckpointWrite>();
    branch.writes.set(id, kept);
    for (const write of writes) {
      const key = `${write.index} ${write.task}`;
      if (write.index < 0 || !kept.has(key)) kept.set(key, { ...write, value: write.value.slice() });
    }
  }

  read(thread: string, { namespace, id }: Omit<CheckpointQuery, 'thread'>): StoredCheckpoint | undefined {
    const branch = this.#branches.get(namespace);
    const found = branch?.checkpoints.get(id ?? branch.ids.at(-1) ?? '');
    if (branch === undefined || found === undefined) return undefined;
    const values = [...found.values].map(([channel, shared]) => Object.assign(contentOf(shared), { channel }));
    return { ...found, thread, values, writes: branch.ordered(found.id) };
  }

  list({ thread, namespace, id: only, before, limit }: CheckpointListRequest): CheckpointPage {
    const places: Omit<CheckpointPlace, 'thread'>[] = [];
    for (const [own, branch] of this.#branches) {
      if (namespace !== undefined && own !== namespace) continue;
      // Newest first, and no more than the page can hold.
      for (let index = branch.ids.length - 1, count = 0; index >= 0 && count <= limit; index -= 1) {
        const id = branch.ids[index] as string;
        if ((only !== undefined && id !== only) || !isBefore(before, id, own)) continue;
        places.push({ namespace: own, id });
        count += 1;
      }
    }
    places.sort((one, other) => compareKeys(other.id, one.id) || compareKeys(one.namespace, other.namespace));
    const checkpoints = places.slice(0, limit).map((place) => this.read(thread, place) as StoredCheckpoint);
    return { checkpoints, more: places.length > limit };
  }

  history({ namespace, id }: Omit<CheckpointQuery, 'thread'>, channels: readonly string[]): ChannelHistory[] {
    const branch = this.#branches.get(namespace);
    const target = branch?.checkpoints.get(id ?? branch.ids.at(-1) ?? '');
    return channels.map((channel) => {
      const steps: CheckpointWrite[][] = [];
      let seed: ChannelContent | undefined;
      const seen = new Set<string>();
      for (let at = target?.parent; at !== undefined && seed === undefined && !seen.has(at);) {
        seen.add(at);
        steps.push((branch as Branch).ordered(at).filter((write) => write.channel === channel));
        const ancestor = branch?.checkpoints.get(at);
        const shared = ancestor?.values.get(channel);
        seed = shared && contentOf(shared);
        at = ancestor?.parent;
      }
      return { channel, seed, writes: steps.toReversed().flat() };
    });
  }

  prune(keepLast: number): number {
    let gone = 0;
    for (const branch of this.#branches.values()) {
      for (const id of branch.ids.splice(0, Math.max(0, branch.ids.length - keepLast))) {
        branch.checkpoints.delete(id);
        branch.writes.delete(id);
        gone += 1;
      }
    }
    if (gone > 0) this.#lists.keep(this.#heads());
    return gone;
  }

  copy(): MemoryThread {
    const copy = new MemoryThread();
    for (const [namespace, branch] of this.#branches) copy.#branches.set(namespace, branch.copy());
    copy.#lists = this.#lists.copy();
    return copy;
  }

  #isMissing({ version, value, list, optional }: ChannelDraft, shared: SharedValue | undefined): boolean {
    if (list !== undefined) return list.after !== undefined && !this.#lists.has(list.after);
    return value === undefined && shared?.version !== version && optional !== true;
  }

  /** Goes through the lists that checkpoints refer to. */
  *#heads(): Generator<ListNode | undefined> {
    for (const branch of this.#branches.values()) {
      for (const { values } of branch.checkpoints.values()) {
        for (const shared of values.values()) if (shared.value === undefined) yield shared.list;
      }
    }
  }

  #open(namespace: string): Branch {
    const branch = this.#branches.get(namespace) ?? new Branch();
    this.#branches.set(namespace, branch);
    return branch;
  }
}

function contentOf(shared: SharedValue): ChannelContent {
  return shared.value === undefined ? { pieces: piecesOf(shared.list) } : { value: shared.value };
}

function isBefore(before: CheckpointListRequest['before'], id: string, namespace: string): boolean {
  if (before === undefined) return true;
  const order = compareKeys(id, before.id);
  return order < 0 || (order === 0 && before.namespace !== undefined && compareKeys(namespace, before.namespace) > 0);
}
