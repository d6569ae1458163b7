import type { ChannelContent, CheckpointWrite, ListPiece, StoredCheckpoint } from '@keepstep/core';
import { StateError } from '@keepstep/core/state';
import {
  maxChannelVersion,
  TASKS,
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  type SerializerProtocol,
} from '@langchain/langgraph-checkpoint';

import type { CheckpointPorts } from './checkpoint-ports.ts';
import { configOf } from './config-place.ts';
import type { ReadPiece } from './lists/list-drafts.ts';
import { elementsOf } from './lists/list-piece.ts';
import { valueOf } from './typed-bytes.ts';

/** Is the format since which a checkpoint holds what was sent to tasks; before, it stood beside the parent. */
const SENDS_INSIDE = 4;

/** Gets what a channel holds that holds a list. */
export type OnList = (channel: string, pieces: readonly ReadPiece[]) => void;

/** Makes checkpoints of LangGraph of what the store holds. */
export class CheckpointReader {
  readonly #ports: CheckpointPorts;
  readonly #serde: SerializerProtocol;
  readonly #firstVersion: () => string | number;

  /** @param firstVersion returns the version that a channel has first */
  constructor(ports: CheckpointPorts, serde: SerializerProtocol, firstVersion: () => string | number) {
    this.#ports = ports;
    this.#serde = serde;
    this.#firstVersion = firstVersion;
  }

  /** @param onList gets the lists that channels hold, piece by piece */
  async tuple(stored: StoredCheckpoint, onList?: OnList): Promise<CheckpointTuple> {
    const { thread, namespace, id, parent } = stored;
    const tuple: CheckpointTuple = {
      config: configOf(thread, namespace, id),
      checkpoint: await this.#checkpoint(stored, onList),
      metadata: (await this.metadata(stored)) as unknown as CheckpointMetadata,
      pendingWrites: await this.writes(stored.writes, thread),
    };
    if (parent !== undefined) tuple.parentConfig = configOf(thread, namespace, parent);
    return tuple;
  }

  async metadata({ thread, metadata }: StoredCheckpoint): Promise<Record<string, unknown>> {
    return (await this.value(metadata, thread)) as Record<string, unknown>;
  }

  /** Returns the versions of the channels. */
  async versions({ thread, record }: StoredCheckpoint): Promise<Readonly<Record<string, unknown>>> {
    return ((await this.value(record, thread)) as Checkpoint).channel_versions;
  }

  async writes(writes: readonly CheckpointWrite[], thread: string): Promise<CheckpointPendingWrite[]> {
    return Promise.all(
      writes.map(async ({ task, channel, value }): Promise<CheckpointPendingWrite> => [
        task,
        channel,
        await this.value(value, thread),
      ]),
    );
  }

  value(bytes: Uint8Array, thread: string): Promise<unknown> {
    return valueOf(this.#serde, bytes, `a checkpoint of thread ${JSON.stringify(thread)}`);
  }

  /** Returns what a channel holds. */
  async content({ value, pieces }: ChannelContent, thread: string): Promise<unknown> {
    if (pieces === undefined) return this.value(value, thread);
    return (await this.#pieces(pieces, thread)).flatMap(({ elements }) => elements);
  }

  #pieces(pieces: readonly ListPiece[], thread: string): Promise<ReadPiece[]> {
    const read = pieces.map(async ({ digest, value }) => {
      return { digest, elements: await Promise.all(this.#elements(value, thread)) };
    });
    return Promise.all(read);
  }

  #elements(piece: Uint8Array, thread: string): Promise<unknown>[] {
    try {
      return elementsOf(piece).map((each) => this.#element(each, thread));
    } catch (cause) {
      throw damagedList(thread, cause);
    }
  }

  /** An element was serialised as a list of one. */
  async #element(bytes: Uint8Array, thread: string): Promise<unknown> {
    const list = await this.value(bytes, thread);
    if (Array.isArray(list) && list.length === 1) return list[0] as unknown;
    throw damagedList(thread, undefined);
  }

  async #checkpoint(stored: StoredCheckpoint, onList: OnList | undefined): Promise<Checkpoint> {
    const { thread, namespace, parent, record, values } = stored;
    const entries = values.map(async ({ channel, value, pieces }) => {
      if (pieces === undefined) return [channel, await this.value(value, thread)] as const;
      const read = await this.#pieces(pieces, thread);
      onList?.(channel, read);
      return [channel, read.flatMap(({ elements }) => elements)] as const;
    });
    const checkpoint: Checkpoint = {
      ...((await this.value(record, thread)) as Checkpoint),
      channel_values: Object.fromEntries(await Promise.all(entries)),
    };
    if (checkpoint.v >= SENDS_INSIDE || parent === undefined) return checkpoint;
    const before = await this.#ports.read(thread, (store) => store.read({ thread, namespace, id: parent }));
    const sent = await this.writes(before?.writes.filter(({ channel }) => channel === TASKS) ?? [], thread);
    const versions = Object.values(checkpoint.channel_versions);
    checkpoint.channel_values[TASKS] = sent.map(([, , value]) => value);
    checkpoint.channel_versions[TASKS] = versions.length > 0 ? maxChannelVersion(...versions) : this.#firstVersion();
    return checkpoint;
  }
}

function damagedList(thread: string, cause: unknown): StateError {
  const message = `What the store holds cannot be read: a list of thread ${JSON.stringify(thread)}.`;
  return new StateError('data_corrupt', message, { subject: thread }, { cause });
}
