import { InvalidOptionError, memoryStore, storeFromUrl, type Store } from '@keepstep/core';
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
  type SerializerProtocol,
} from '@langchain/langgraph-checkpoint';

import { draftOf, withValues } from './checkpoint-draft.ts';
import { listing, matches } from './checkpoint-listing.ts';
import { CheckpointPorts } from './checkpoint-ports.ts';
import { CheckpointReader } from './checkpoint-reader.ts';
import { configOf, needed, placeOf } from './config-place.ts';
import { bytesOf } from './typed-bytes.ts';

/** Configures a checkpointer. */
export interface KeepstepSaverOptions {
  /** Keeps the threads. Default: `memoryStore()`, gone with the process. */
  readonly store?: Store;
  /** Separates checkpointers that share one store. Default: "default". */
  readonly namespace?: string;
  /** Turns values into bytes and back. Default: the one that LangGraph brings. */
  readonly serde?: SerializerProtocol;
}

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

  /** @throws InvalidOptionError for an option that is not allowed */
  constructor(options: KeepstepSaverOptions = {}) {
    for (const [name, value] of Object.entries(options)) {
      if (!KNOWN.includes(name)) throw new InvalidOptionError(name, value, KNOWN.join(', '));
    }
    const { store = memoryStore(), namespace = 'default', serde } = options;
    if (typeof namespace !== 'string' || namespace === '') {
      throw new InvalidOptionError('namespace', namespace, 'a text that is not empty');
    }
    super(serde);
    this.#store = store;
    this.#ports = new CheckpointPorts(store, namespace);
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
    return found && this.#reader.tuple(found);
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
    const draft = await draftOf({ place, parent, checkpoint, metadata, newVersions }, this.serde);
    const result = await this.#ports.change(thread, (store) => store.put(draft));
    if (result.kind === 'missing') {
      const whole = await withValues(draft, result.channels, checkpoint, this.serde);
      await this.#ports.change(thread, (store) => store.put(whole));
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
        value: await bytesOf(this.serde, value),
      })),
    );
    await this.#ports.change(thread, (store) => store.putWrites(place, drafts));
  }

  override async deleteThread(threadId: string): Promise<void> {
    const thread = needed(threadId, 'threadId');
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
      if (seed !== undefined) history.seed = await this.#reader.value(seed, thread);
      return [channel, history] as const;
    });
    return Object.fromEntries(await Promise.all(histories));
  }

  /** Puts all that a thread holds into another one, in place of what that holds. */
  async copyThread(threadId: string, targetThreadId: string): Promise<void> {
    const [from, to] = [needed(threadId, 'threadId'), needed(targetThreadId, 'targetThreadId')];
    await this.#ports.change(from, (store) => store.copyThread(from, to));
  }

  /**
   * Deletes all but the newest checkpoints of a thread, in each of its namespaces, and returns how many went. What stays can
   * be resumed and forked as before.
   *
   * @param options `keepLast` is how many stay, at least 1
   */
  async prune(options: { readonly threadId: string; readonly keepLast: number }): Promise<number> {
    const thread = needed(options.threadId, 'threadId');
    const { keepLast } = options;
    if (!Number.isInteger(keepLast) || keepLast < 1) {
      throw new InvalidOptionError('keepLast', keepLast, 'a whole number of at least 1');
    }
    return this.#ports.change(thread, (store) => store.prune(thread, keepLast));
  }

  /** Closes the store. */
  async close(): Promise<void> {
    await this.#store.close();
  }
}

const KNOWN = ['store', 'namespace', 'serde'];
