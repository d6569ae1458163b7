import {
  WRITES_IDX_MAP,
  type BaseCheckpointSaver,
  type ChannelVersions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  type PendingWrite,
} from '@langchain/langgraph-checkpoint';
import type { RunnableConfig } from '@langchain/core/runnables';

import { configOf, placeOf } from '../config-place.ts';
import type { KeepstepSaver } from '../keepstep-saver.ts';

/** Counts the checkpoints of a thread. */
export interface MigratedThread {
  readonly copied: number;
  /** Counts those that were there already. */
  readonly skipped: number;
}

/** Copies what a thread of another checkpointer holds and ours does not, oldest checkpoint first. */
export async function migrateThread(
  from: BaseCheckpointSaver,
  to: KeepstepSaver,
  thread: string,
): Promise<MigratedThread> {
  const known = new Set((await placesOf(to, thread)).map(nameOf));
  const places = (await placesOf(from, thread)).toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const versions = new Map<string, ChannelVersions>();
  let copied = 0;
  for (const [index, place] of places.entries()) {
    const next = places[index + 1];
    const isThere = known.has(nameOf(place));
    // Writes come after their checkpoint, so those of the last one that is there may be missing.
    if (isThere && next !== undefined && known.has(nameOf(next))) continue;
    const tuple = await from.getTuple(configFor(thread, place));
    // It was deleted meanwhile.
    if (tuple === undefined) continue;
    if (!isThere) {
      await to.put(
        parentOf(thread, tuple),
        tuple.checkpoint,
        (tuple.metadata ?? {}) as CheckpointMetadata,
        await changed(from, tuple, versions),
      );
      copied += 1;
    }
    await putWrites(to, configFor(thread, place), tuple.pendingWrites ?? []);
    versions.set(nameOf(place), tuple.checkpoint.channel_versions);
  }
  return { copied, skipped: places.length - copied };
}

interface Place {
  readonly namespace: string;
  readonly id: string;
}

async function placesOf(saver: BaseCheckpointSaver, thread: string): Promise<Place[]> {
  const places: Place[] = [];
  for await (const { config } of saver.list({ configurable: { thread_id: thread } })) {
    const { namespace = '', id = '' } = placeOf(config);
    places.push({ namespace, id });
  }
  return places;
}

/** Returns the versions of the channels that have changed since the parent. */
async function changed(
  from: BaseCheckpointSaver,
  { checkpoint, parentConfig }: CheckpointTuple,
  versions: ReadonlyMap<string, ChannelVersions>,
): Promise<ChannelVersions> {
  if (parentConfig === undefined) return checkpoint.channel_versions;
  const { namespace = '', id = '' } = placeOf(parentConfig);
  const before =
    versions.get(nameOf({ namespace, id })) ?? (await from.getTuple(parentConfig))?.checkpoint.channel_versions ?? {};
  const entries = Object.entries(checkpoint.channel_versions);
  return Object.fromEntries(entries.filter(([channel, version]) => before[channel] !== version));
}

async function putWrites(
  to: KeepstepSaver,
  config: RunnableConfig,
  pending: readonly CheckpointPendingWrite[],
): Promise<void> {
  if (pending.length === 0) return;
  // A special write replaces what is there, and that may be newer: the thread may have gone on here.
  const there = new Set((await to.getTuple(config))?.pendingWrites?.map(([task, channel]) => `${channel} ${task}`));
  const tasks = Map.groupBy(pending, ([task]) => task);
  for (const [place, [task, writes]] of [...tasks].entries()) {
    const special = writes.filter(([, channel]) => isSpecial(channel) && !there.has(`${channel} ${task}`));
    // Those that are counted come first, so that they are counted as they were.
    const ordered = [...writes.filter(([, channel]) => !isSpecial(channel)), ...special];
    // Checkpointers do not tell the paths of tasks; this one keeps the tasks in order.
    const path = String(place).padStart(6, '0');
    await to.putWrites(
      config,
      ordered.map(([, channel, value]): PendingWrite => [channel, value]),
      task,
      path,
    );
  }
}

function isSpecial(channel: string): boolean {
  return Object.hasOwn(WRITES_IDX_MAP, channel);
}

function parentOf(thread: string, { config, parentConfig }: CheckpointTuple): RunnableConfig {
  const { namespace = '' } = placeOf(config);
  const parent = placeOf(parentConfig).id;
  if (parent !== undefined) return configOf(thread, namespace, parent);
  return { configurable: { thread_id: thread, checkpoint_ns: namespace } };
}

function configFor(thread: string, { namespace, id }: Place): RunnableConfig {
  return configOf(thread, namespace, id);
}

function nameOf({ namespace, id }: Place): string {
  return JSON.stringify([namespace, id]);
}
