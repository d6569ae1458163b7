import type { ChannelDraft, CheckpointDraft, CheckpointPlace } from '@keepstep/core';
import type { Checkpoint, CheckpointMetadata, SerializerProtocol } from '@langchain/langgraph-checkpoint';

import { bytesOf } from './typed-bytes.ts';

/** Is a checkpoint that LangGraph hands over. */
export interface OfferedCheckpoint {
  readonly place: CheckpointPlace;
  readonly parent: string | undefined;
  readonly checkpoint: Checkpoint;
  readonly metadata: CheckpointMetadata;
  /** Holds the channels that have changed. */
  readonly newVersions: Readonly<Record<string, unknown>>;
}

/**
 * Makes a draft of a checkpoint: the values of the channels that have changed, and names of those that have not.
 *
 * A checkpoint without a parent has the changed channels only, unless it is a copy. One with a parent has all channels that
 * hold something: which of them the parent shares, only the store can tell.
 */
export async function draftOf(offered: OfferedCheckpoint, serde: SerializerProtocol): Promise<CheckpointDraft> {
  const { place, parent, checkpoint, metadata, newVersions } = offered;
  const { channel_values: values, ...record } = checkpoint;
  const isCopy = parent === undefined && metadata.source === 'fork';
  const channels = Object.entries(checkpoint.channel_versions).map(
    async ([channel, number]): Promise<ChannelDraft | undefined> => {
      const version = String(number);
      const isHeld = Object.hasOwn(values, channel);
      if (isHeld && (isCopy || Object.hasOwn(newVersions, channel))) {
        return { channel, version, value: await bytesOf(serde, values[channel], nameOf(channel)) };
      }
      if (parent === undefined || Object.hasOwn(newVersions, channel)) return undefined;
      return { channel, version, optional: !isHeld };
    },
  );
  return {
    ...place,
    parent,
    record: await bytesOf(serde, record, 'a checkpoint'),
    metadata: await bytesOf(serde, metadata, 'the metadata of a checkpoint'),
    channels: (await Promise.all(channels)).filter((channel) => channel !== undefined),
  };
}

/** Adds the values of channels that the parent does not share after all. */
export async function withValues(
  draft: CheckpointDraft,
  missing: readonly string[],
  checkpoint: Checkpoint,
  serde: SerializerProtocol,
): Promise<CheckpointDraft> {
  const channels = draft.channels.map(async (each) => {
    if (!missing.includes(each.channel)) return each;
    return { ...each, value: await bytesOf(serde, checkpoint.channel_values[each.channel], nameOf(each.channel)) };
  });
  return { ...draft, channels: await Promise.all(channels) };
}

function nameOf(channel: string): string {
  return `the channel ${JSON.stringify(channel)}`;
}
