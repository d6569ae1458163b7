import { InvalidArgumentError, InvalidOptionError, storeFromUrl, type Clock, type Store } from '@keepstep/core';
import { StateError } from '@keepstep/core/state';
import type { RunnableConfig } from '@langchain/core/runnables';
import {
  BaseCheckpointSaver,
  WRITES_IDX_MAP,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  type DeltaChannelHistory,
  type PendingWrite,
} from '@langchain/langgraph-checkpoint';

import { draftOf, withValues } from './checkpoint-draft.ts';
import { listing, matches, threadIds } from './checkpoint-listing.ts';
import { CheckpointPorts } from './checkpoint-ports.ts';
import { CheckpointReader } from './checkpoint-reader.ts';
import { configOf, needed, placeOf, threadNamed } from './config-place.ts';
import { resolveSaverOptions, type KeepstepSaverOptions } from './saver-options.ts';
import { ListDrafts } from './lists/list-drafts.ts';
import type { Sealer } from './sealing/sealer.ts';
import { pruneRequest, type PruneOptions } from './terms/prune-options.ts';
import type { ThreadOwnership } from './terms/thread-ownership.ts';
import { ThreadList, type ThreadListOptions, type ThreadPage } from './thread-list.ts';
import { exportLines } from './transfer/export-lines.ts';
import { importLines } from './transfer/import-lines.ts';
import { restoreThread } from './transfer/restore-thread.ts';
import type { FileChunks } from './transfer/text-lines.ts';
import { threadEntries } from './transfer/thread-entries.ts';
import { bytesOf } from './typed-bytes.ts';

/**
 * Keeps the checkpoints of LangGraph's threads in a store of Keepstep.
 *
 * A value of a channel is stored once, when it changes, and shared by the checkpoints after it. Other than a cache it fails
 * closed: when the store cannot answer, its methods reject with a `StateError` that says what is known.
 */
export class KeepstepSaver extends BaseCheckpointSaver {
  readonly #store: Store;
  readonly #ports: CheckpointPorts;
  readonly #reader: CheckpointReader;
  readonly #sealer: Sealer;
  readonly #lists: ListDrafts;
  readonly #ownership: ThreadOwnership | undefined;
  readonly #clock: Clock;
  /** Lists threads with their sizes. */
  readonly threads: { list(options?: ThreadListOptions): Promise<ThreadPage> };

  /** @throws InvalidOptionError for an option that is not allowed */
  constructor(options: KeepstepSaverOptions = {}) {
    const { store, namespace, serde, sealer, terms, clock } = resolveSaverOptions(options);
    super(serde);
    this.#store = store;
    this.#sealer = sealer;
    this.#lists = new ListDrafts(this.serde, sealer.listDigest);
    this.#ownership = terms.ownership;
    this.#clock = clock;
    this.#ports = new CheckpointPorts(store, namespace, sealer, terms);
    this.threads = new ThreadList(this.#ports);
    this.#reader = new CheckpointReader(this.#ports, this.serde, () => this.getNextVersion(undefined));
  }

  /** Opens a checkpointer on the store that a URL names; `close` closes it. */
  static fromUrl(url: string, options: Omit<KeepstepSaverOptions, 'store'> = {}): KeepstepSaver {
    return new KeepstepSaver({ ...options, store: storeFromUrl(url) });
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { thread, namespace = '', id } = placeOf(config);
    if (thread === undefined) return undefined;
    const found = await this.#ports.read(thread, (store) => store.read({ thread, namespace, id }));
    // Whoever goes on from here goes on from these lists.
    return found && this.#reader.tuple(found, (channel, pieces) => this.#lists.remember({ ...found, channel }, pieces));
  }

  override async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { limit = Infinity, filter = {} } = options;
    const request = { ...placeOf(config), before: placeOf(options.before).id };
    let left = limit;
    if (left <= 0) return;
    for await (const stored of listing(this.#ports, request)) {
      if (!matches(await this.#reader.metadata(stored), filter)) continue;
      yield this.#reader.tuple(stored);
      left -= 1;
      if (left <= 0) return;
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { thread: given, namespace = '', id: parent } = placeOf(config);
    const thread = needed(given, 'thread_id');
    const place = { thread, namespace, id: needed(checkpoint.id, 'checkpoint.id') };
    let draft = await draftOf({ place, parent, checkpoint, metadata, newVersions }, this.serde, this.#lists);
    for (let round = 1; ; round += 1) {
      const current = draft;
      const result = await this.#ports.change(thread, (store) => store.put(current));
      if (result.kind !== 'missing') break;
      if (round === ROUNDS) throw unsettled(thread, result.channels);
      draft = await withValues(current, result.channels, checkpoint, this.serde, this.#lists);
    }
    return configOf(thread, namespace, place.id);
  }

  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    taskPath = '',
  ): Promise<void> {
    const { thread: given, namespace = '', id } = placeOf(config);
    const thread = needed(given, 'thread_id');
    const place = { thread, namespace, id: needed(id, 'checkpoint_id') };
    const task = needed(taskId, 'taskId');
    if (writes.length === 0) return;
    const drafts = await Promise.all(
      writes.map(async ([channel, value], place_) => ({
        task,
        index: Object.hasOwn(WRITES_IDX_MAP, channel) ? (WRITES_IDX_MAP[channel] as number) : place_,
        path: taskPath,
        channel,
        value: await bytesOf(this.serde, value, `a write to the channel ${JSON.stringify(channel)}`),
      })),
    );
    await this.#ports.change(thread, (store) => store.putWrites(place, drafts));
  }

  override async deleteThread(threadId: string): Promise<void> {
    const thread = threadNamed(threadId, 'threadId');
    this.#lists.forget(thread);
    await this.#ports.change(thread, (store) => store.deleteThread(thread));
  }

  override async getDeltaChannelHistory(options: {
    config: RunnableConfig;
    channels: string[];
  }): Promise<Record<string, DeltaChannelHistory>> {
    const { thread, namespace = '', id } = placeOf(options.config);
    if (options.channels.length === 0) return {};
    if (thread === undefined) return Object.fromEntries(options.channels.map((channel) => [channel, { writes: [] }]));
    const place = { thread, namespace, id };
    const found = await this.#ports.read(thread, (store) => store.history(place, options.channels));
    const histories = found.map(async ({ channel, seed, writes }) => {
      const history: DeltaChannelHistory = { writes: await this.#reader.writes(writes, thread) };
      if (seed !== undefined) history.seed = await this.#reader.content(seed, thread);
      return [channel, history] as const;
    });
    return Object.fromEntries(await Promise.all(histories));
  }

  /** Puts all that a thread holds into another one, in place of what that holds. */
  async copyThread(threadId: string, targetThreadId: string): Promise<void> {
    const [from, to] = [threadNamed(threadId, 'threadId'), threadNamed(targetThreadId, 'targetThreadId')];
    if (from === to) return;
    // What is encrypted can be read in its own thread alone.
    if (this.#sealer.binds)
      await restoreThread(this.#ports, this.#sealer.listDigest, to, threadEntries(this.#ports, this.#reader, from));
    else await this.#ports.change(from, (store) => store.copyThread(from, to));
  }

  /**
   * Returns a thread as lines of JSON, each with a line break: a header, all checkpoints of all namespaces with their writes,
   * oldest first, and an end. What they hold is not encrypted. A thread that is not there has no checkpoints.
   */
  export(threadId: string): AsyncGenerator<string> {
    const thread = threadNamed(threadId, 'threadId');
    return exportLines(thread, threadEntries(this.#ports, this.#reader, thread));
  }

  /**
   * Puts a thread that was exported into the store. The whole file is checked before the thread changes, which it does in one
   * step.
   *
   * @param file yields texts or bytes, cut wherever it may be: what `export` returns, or a stream of a file
   * @param options `threadId` is the thread to fill, by default the one that was exported; `overwrite` lets it be there already
   * @throws StateError `data_corrupt`, with the number of the line, for a file that was damaged or cut off
   * @throws InvalidArgumentError for a thread that is there already
   */
  async import(
    file: FileChunks,
    options: { readonly threadId?: string; readonly overwrite?: boolean } = {},
  ): Promise<{ readonly threadId: string; readonly checkpoints: number }> {
    const { thread, entries } = await importLines(file);
    const threadId = threadNamed(options.threadId ?? thread, 'threadId');
    if (options.overwrite !== true && (await this.#holds(threadId))) {
      throw new InvalidArgumentError('threadId', threadId, 'a thread that is not there yet, or overwrite: true');
    }
    return { threadId, checkpoints: await restoreThread(this.#ports, this.#sealer.listDigest, threadId, entries) };
  }

  /**
   * Deletes old checkpoints, those of subgraphs included, and returns how many went. What stays can be resumed and forked as
   * before: its values and writes stay, and so do ancestors that it is made of.
   */
  async prune(options: PruneOptions): Promise<number> {
    const request = pruneRequest(options, this.#clock);
    const only = options.threadId === undefined ? undefined : threadNamed(options.threadId, 'threadId');
    let gone = 0;
    for await (const thread of only === undefined ? threadIds(this.#ports) : [only]) {
      gone += await this.#ports.change(thread, (store) => store.prune(thread, request));
    }
    return gone;
  }

  /**
   * Takes a thread for this worker, also one that it has lost before, until the answer is disposed of. Only with `ownership`.
   *
   * @throws StateError `lock_held` when another worker owns it, at once or after the wait
   */
  async acquire(threadId: string): Promise<AsyncDisposable> {
    const thread = threadNamed(threadId, 'threadId');
    const ownership = this.#ownership;
    if (ownership === undefined)
      throw new InvalidOptionError('ownership', false, 'true, so that a thread can be acquired');
    await ownership.acquire(thread);
    let isOver = false;
    return {
      async [Symbol.asyncDispose]() {
        if (isOver) return;
        isOver = true;
        await ownership.release(thread);
      },
    };
  }

  async #holds(thread: string): Promise<boolean> {
    const request = { prefix: thread, after: undefined, limit: 1 };
    const { keys } = await this.#ports.read(thread, (store) => store.threads(request));
    return keys[0] === thread;
  }

  /** Gives back the threads that this worker owns, and closes the store. */
  async close(): Promise<void> {
    await this.#ownership?.close();
    await this.#store.close();
  }
}

function unsettled(thread: string, channels: readonly string[]): StateError {
  const names = channels.map((channel) => JSON.stringify(channel)).join(', ');
  const message = `The store asks again for what it was given, the channels ${names} of thread ${JSON.stringify(thread)}.`;
  return new StateError('data_corrupt', message, { subject: thread });
}

/** A channel is asked for twice at most: its value, and the whole of its list. */
const ROUNDS = 3;
