import type {
  ChannelContent,
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
  ListDraft,
  PruneRequest,
  StoredCheckpoint,
  ThreadChange,
  ThreadSize,
  ThreadTerms,
} from '@keepstep/core';

import { targetOf } from '../transfer/staging-thread.ts';
import { isEnvelope } from './envelope.ts';
import type { Sealer, SealedPlace } from './sealer.ts';

/**
 * Seals what goes into a store of checkpoints, and opens what comes out of it.
 *
 * Records, metadata, values and writes are sealed, each for its place; ids, names of channels and versions are not, because
 * the store works with them.
 */
export class SealedCheckpoints implements CheckpointStore {
  readonly #store: CheckpointStore;
  readonly #sealer: Sealer;
  readonly #owner: string;

  /** @param owner names the checkpointer, which is part of every place */
  constructor(store: CheckpointStore, sealer: Sealer, owner: string) {
    this.#store = store;
    this.#sealer = sealer;
    this.#owner = owner;
  }

  async put(draft: CheckpointDraft, terms?: ThreadTerms): Promise<CheckpointPut> {
    if (this.#sealer.isIdle) return this.#store.put(draft, terms);
    const [record, metadata, channels] = await Promise.all([
      this.#sealer.seal(draft.record, this.#ofCheckpoint('record', draft)),
      this.#sealer.seal(draft.metadata, this.#ofCheckpoint('metadata', draft)),
      Promise.all(
        draft.channels.map(async (each) => {
          if (each.list !== undefined) return { ...each, list: await this.#sealedList(each.list, draft.thread) };
          if (each.value === undefined) return each;
          return { ...each, value: await this.#sealer.seal(each.value, this.#ofValue(draft, each.channel)) };
        }),
      ),
    ]);
    return this.#store.put({ ...draft, record, metadata, channels }, terms);
  }

  async putWrites(
    place: CheckpointPlace,
    writes: readonly CheckpointWrite[],
    terms?: ThreadTerms,
  ): Promise<ThreadChange> {
    if (this.#sealer.isIdle) return this.#store.putWrites(place, writes, terms);
    const sealed = writes.map(async (write) => {
      return { ...write, value: await this.#sealer.seal(write.value, this.#ofWrite(place, write)) };
    });
    return this.#store.putWrites(place, await Promise.all(sealed), terms);
  }

  async read(place: CheckpointQuery, terms?: ThreadTerms): Promise<StoredCheckpoint | undefined> {
    const found = await this.#store.read(place, terms);
    return found && this.#opened(found);
  }

  async list(request: CheckpointListRequest): Promise<CheckpointPage> {
    const { checkpoints, more } = await this.#store.list(request);
    return { checkpoints: await Promise.all(checkpoints.map((each) => this.#opened(each))), more };
  }

  async history(place: CheckpointQuery, channels: readonly string[]): Promise<readonly ChannelHistory[]> {
    const found = await this.#store.history(place, channels);
    const opened = found.map(async ({ channel, seed, writes }) => ({
      channel,
      seed: seed && (await this.#openedContent(seed, place, channel)),
      writes: await this.#openedWrites(place, writes),
    }));
    return Promise.all(opened);
  }

  async threads(request: KeyPageRequest): Promise<KeyPage> {
    return this.#store.threads(request);
  }

  async size(thread: string): Promise<ThreadSize | undefined> {
    return this.#store.size(thread);
  }

  async deleteThread(thread: string, terms?: ThreadTerms): Promise<ThreadChange> {
    return this.#store.deleteThread(thread, terms);
  }

  async copyThread(from: string, to: string, terms?: ThreadTerms): Promise<ThreadChange> {
    return this.#store.copyThread(from, to, terms);
  }

  async prune(thread: string, request: PruneRequest): Promise<number> {
    return this.#store.prune(thread, request);
  }

  async #opened(stored: StoredCheckpoint): Promise<StoredCheckpoint> {
    if (this.#sealer.isIdle && !hasEnvelope(stored)) return stored;
    const { thread } = stored;
    const [record, metadata, values, writes] = await Promise.all([
      this.#open(stored.record, this.#ofCheckpoint('record', stored), thread),
      this.#open(stored.metadata, this.#ofCheckpoint('metadata', stored), thread),
      Promise.all(
        stored.values.map(async (each) => {
          return Object.assign(await this.#openedContent(each, stored, each.channel), { channel: each.channel });
        }),
      ),
      this.#openedWrites(stored, stored.writes),
    ]);
    return { ...stored, record, metadata, values, writes };
  }

  async #sealedList({ after, pieces }: ListDraft, thread: string): Promise<ListDraft> {
    const sealed = pieces.map(async ({ digest, value }, index) => {
      const place = this.#ofPiece(thread, pieces[index - 1]?.digest ?? after, digest);
      return { digest, value: await this.#sealer.seal(value, place) };
    });
    return { after, pieces: await Promise.all(sealed) };
  }

  async #openedContent(content: ChannelContent, place: CheckpointQuery, channel: string): Promise<ChannelContent> {
    const { value, pieces } = content;
    const { thread } = place;
    if (pieces === undefined) return { value: await this.#open(value, this.#ofValue(place, channel), thread) };
    const opened = pieces.map(async (piece, index) => {
      const { digest } = piece;
      const where = this.#ofPiece(thread, pieces[index - 1]?.digest, digest);
      return { digest, value: await this.#open(piece.value, where, thread) };
    });
    return { pieces: await Promise.all(opened) };
  }

  #openedWrites(place: CheckpointQuery, writes: readonly CheckpointWrite[]): Promise<CheckpointWrite[]> {
    const opened = writes.map(async (write) => {
      return { ...write, value: await this.#open(write.value, this.#ofWrite(place, write), place.thread) };
    });
    return Promise.all(opened);
  }

  #open(bytes: Uint8Array, place: SealedPlace, thread: string): Promise<Uint8Array> {
    return this.#sealer.open(bytes, place, `a checkpoint of thread ${JSON.stringify(thread)}`);
  }

  #ofCheckpoint(kind: string, { thread, namespace, id }: CheckpointPlace): SealedPlace {
    return [kind, this.#owner, targetOf(thread), namespace, id];
  }

  /** A value belongs to no checkpoint alone: those after the one that wrote it share it. */
  #ofValue({ thread, namespace }: CheckpointQuery, channel: string): SealedPlace {
    return ['value', this.#owner, targetOf(thread), namespace, channel];
  }

  /** A piece belongs to no channel: lists of all of them share it, where the same pieces come before it. */
  #ofPiece(thread: string, before: string | undefined, digest: string): SealedPlace {
    return ['piece', this.#owner, targetOf(thread), before ?? '', digest];
  }

  /** The histories of channels do not say beside which checkpoint a write stands; its task belongs to one alone. */
  #ofWrite({ thread, namespace }: CheckpointQuery, { task, index, channel }: CheckpointWrite): SealedPlace {
    return ['write', this.#owner, targetOf(thread), namespace, task, String(index), channel];
  }
}

function hasEnvelope({ record, metadata, values, writes }: StoredCheckpoint): boolean {
  if (isEnvelope(record) || isEnvelope(metadata) || writes.some(({ value }) => isEnvelope(value))) return true;
  return values.some(({ value, pieces }) => {
    return pieces === undefined ? isEnvelope(value) : pieces.some((piece) => isEnvelope(piece.value));
  });
}
