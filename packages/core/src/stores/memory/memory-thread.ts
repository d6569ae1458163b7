import { firstIdAt, isOlderId } from '../../store/checkpoint-age.ts';
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
  PruneRequest,
  StoredCheckpoint,
  ThreadSize,
} from '../../store/checkpoint-store.ts';
import { ListTree, piecesOf, type ListNode } from './list-tree.ts';
import { compareKeys } from './sorted-keys.ts';
import { ThreadBranch, type SharedValue } from './thread-branch.ts';

/** Holds one thread in memory. Checkpoints refer to values, so a value goes when the last of them does. */
export class MemoryThread {
  /** Is when its time is over. */
  expiresAt: number = Infinity;
  readonly #branches = new Map<string, ThreadBranch>();
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
    const replayed = channels.filter((each) => each.replayed === true && !values.has(each.channel));
    this.#open(namespace).add({
      namespace,
      id,
      parent,
      record: record.slice(),
      metadata: metadata.slice(),
      values,
      replayed: replayed.map(({ channel }) => channel),
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
    const { parent, record, metadata } = found;
    return { thread, namespace, id: found.id, parent, record, metadata, values, writes: branch.ordered(found.id) };
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
        steps.push((branch as ThreadBranch).ordered(at).filter((write) => write.channel === channel));
        const ancestor = branch?.checkpoints.get(at);
        const shared = ancestor?.values.get(channel);
        seed = shared && contentOf(shared);
        at = ancestor?.parent;
      }
      return { channel, seed, writes: steps.toReversed().flat() };
    });
  }

  prune({ keepLast, olderThan }: PruneRequest): number {
    const first = olderThan === undefined ? undefined : firstIdAt(olderThan);
    let gone = 0;
    for (const branch of this.#branches.values()) {
      const superseded = branch.ids
        .slice(0, Math.max(0, branch.ids.length - keepLast))
        .filter((id) => first === undefined || isOlderId(id, first));
      gone += branch.remove(superseded);
    }
    if (gone > 0) this.#lists.keep(this.#heads());
    return gone;
  }

  size(): ThreadSize {
    let checkpoints = 0;
    const parts = new Set<Uint8Array>();
    for (const branch of this.#branches.values()) {
      checkpoints += branch.ids.length;
      for (const { record, metadata, values } of branch.checkpoints.values()) {
        parts.add(record).add(metadata);
        for (const { value } of values.values()) if (value !== undefined) parts.add(value);
      }
      for (const writes of branch.writes.values()) for (const { value } of writes.values()) parts.add(value);
    }
    const bytes = [...parts].reduce((sum, part) => sum + part.length, 0);
    return { checkpoints, bytes: bytes + this.#lists.bytes };
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

  #open(namespace: string): ThreadBranch {
    const branch = this.#branches.get(namespace) ?? new ThreadBranch();
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
