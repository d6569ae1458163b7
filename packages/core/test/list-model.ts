import type { CheckpointClient } from '../src/testing/index.ts';

/** Is one step of somebody who uses lists. */
export type ListStep =
  | {
      readonly kind: 'put';
      readonly thread: string;
      readonly namespace: string;
      /** Chooses the checkpoint that the new one follows, of those that are there. */
      readonly parent: number;
      /** Is how many texts go from the end of its list, before others come. */
      readonly cut: number;
      readonly texts: readonly string[];
      /** Is how many texts the thread is taken to have already, at most. */
      readonly known: number;
    }
  | { readonly kind: 'share'; readonly thread: string; readonly parent: number }
  | { readonly kind: 'prune'; readonly thread: string; readonly keep: number }
  | { readonly kind: 'copy'; readonly thread: string; readonly to: string }
  | { readonly kind: 'delete'; readonly thread: string };

interface Checkpoint {
  readonly namespace: string;
  readonly id: string;
  readonly version: string;
  readonly texts: readonly string[];
}

/** Takes steps on a store, and keeps beside it whole lists that nobody shares. */
export class ListModel {
  readonly #client: CheckpointClient;
  readonly #threads = new Map<string, readonly Checkpoint[]>();
  #puts = 0;

  constructor(client: CheckpointClient) {
    this.#client = client;
  }

  /** Takes a step, and tells whether nothing is left that is not needed. */
  async take(step: ListStep): Promise<boolean> {
    const { thread } = step;
    const known = this.#of(thread);
    switch (step.kind) {
      case 'put': {
        const before = known[step.parent % known.length];
        const kept = before?.texts.slice(0, Math.max(0, before.texts.length - step.cut)) ?? [];
        await this.#put(thread, { namespace: step.namespace, texts: [...kept, ...step.texts] }, step.known);
        return false;
      }
      case 'share': {
        const before = known[step.parent % known.length];
        if (before === undefined) return false;
        const { namespace, version, id: parent } = before;
        const next = { ...before, id: this.#nextId() };
        await this.#client.put(next.id, { thread, namespace, parent, shares: { list: version } });
        this.#threads.set(thread, [...known, next]);
        return false;
      }
      case 'prune': {
        const kept = ['', 'child'].flatMap((namespace) =>
          known.filter((each) => each.namespace === namespace).slice(-step.keep),
        );
        const gone = await this.#client.store.prune(thread, { keepLast: step.keep });
        if (gone !== known.length - kept.length) throw new Error(`${gone} checkpoints went`);
        this.#threads.set(
          thread,
          kept.toSorted((one, other) => Number(one.id) - Number(other.id)),
        );
        return gone > 0;
      }
      case 'copy':
        await this.#client.store.copyThread(thread, step.to);
        this.#threads.set(step.to, known);
        return false;
      case 'delete':
        await this.#client.store.deleteThread(thread);
        this.#threads.set(thread, []);
        return known.length > 0;
      default:
        throw new Error(`no such step: ${JSON.stringify(step)}`);
    }
  }

  /** Returns what the checkpoints of all threads hold, as the store has it. */
  async found(): Promise<unknown[]> {
    const found: unknown[] = [];
    for (const [thread, checkpoints] of this.#threads) {
      const page = await this.#client.list({ thread, limit: 1_000 });
      found.push([thread, page[0].length]);
      for (const { id, namespace } of checkpoints) {
        found.push([thread, namespace, id, (await this.#client.read(id, { thread, namespace })).values['list']]);
      }
    }
    return found;
  }

  /** Returns what `found` has to be. */
  expected(): unknown[] {
    const expected: unknown[] = [];
    for (const [thread, checkpoints] of this.#threads) {
      expected.push([thread, checkpoints.length]);
      for (const { namespace, id, texts } of checkpoints) expected.push([thread, namespace, id, texts]);
    }
    return expected;
  }

  /** Counts the different beginnings of the lists of a thread: as many pieces are needed, and no more. */
  beginnings(thread: string): number {
    const lists = this.#of(thread).flatMap(({ texts }) => texts.map((_, index) => texts.slice(0, index + 1).join()));
    return new Set(lists).size;
  }

  /** Puts a list as a client does that remembers some of it, and comes again with all of it where that is not there. */
  async #put(thread: string, { namespace, texts }: Omit<Checkpoint, 'id' | 'version'>, taken: number): Promise<void> {
    const id = this.#nextId();
    const known = Math.min(taken, texts.length);
    const put = (count: number) => this.#client.tryPut(id, { thread, namespace, lists: { list: [id, texts, count] } });
    const result = await put(known);
    const isThere = known === 0 || this.#of(thread).some((each) => isBeginning(texts.slice(0, known), each.texts));
    if (result.kind === 'missing') {
      if (isThere) throw new Error('a list that is there was asked for');
      await put(0);
    }
    this.#threads.set(thread, [...this.#of(thread), { namespace, id, version: id, texts }]);
  }

  #of(thread: string): readonly Checkpoint[] {
    return this.#threads.get(thread) ?? [];
  }

  #nextId(): string {
    this.#puts += 1;
    return String(this.#puts).padStart(4, '0');
  }
}

function isBeginning(beginning: readonly string[], texts: readonly string[]): boolean {
  return beginning.every((text, index) => texts[index] === text);
}
