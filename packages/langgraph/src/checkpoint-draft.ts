import type { ChannelDraft, CheckpointDraft, CheckpointPlace } from '@keepstep/core';
import type { Checkpoint, CheckpointMetadata, SerializerProtocol } from '@langchain/langgraph-checkpoint';

import { isList } from './lists/is-list.ts';
import type { ListDrafts } from './lists/list-drafts.ts';
import { replayedChannels } from './terms/replayed-channels.ts';
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
export async function draftOf(
  offered: OfferedCheckpoint,
  serde: SerializerProtocol,
  lists: ListDrafts,
): Promise<CheckpointDraft> {
  const { place, parent, checkpoint, metadata, newVersions } = offered;
  const { channel_values: values, ...record } = checkpoint;
  const replayed = replayedChannels(metadata);
  const isCopy = parent === undefined && metadata.source === 'fork';
  const channels = Object.entries(checkpoint.channel_versions).map(
    async ([channel, number]): Promise<ChannelDraft | undefined> => {
      const version = String(number);
      const isHeld = Object.hasOwn(values, channel);
      if (isHeld && (isCopy || Object.hasOwn(newVersions, channel))) {
        const value = values[channel];
        if (isList(value)) return { channel, version, list: await lists.draftOf({ ...place, channel }, value) };
        return { channel, version, value: await bytesOf(serde, value, nameOf(channel)) };
      }
      if (!isHeld && replayed.has(channel)) return { channel, version, optional: true, replayed: true };
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

/** Adds the values of channels that the store does not share after all: they are not the parent's, or a list went on from one that is gone. */
export async function withValues(
  draft: CheckpointDraft,
  missing: readonly string[],
  { channel_values: values }: Checkpoint,
  serde: SerializerProtocol,
  lists: ListDrafts,
): Promise<CheckpointDraft> {
  const channels = draft.channels.map(async (each): Promise<ChannelDraft> => {
    const { channel, version } = each;
    if (!missing.includes(channel)) return each;
    const value = values[channel];
    if (!isList(value)) return { channel, version, value: await bytesOf(serde, value, nameOf(channel)) };
    const place = { ...draft, channel };
    return { channel, version, list: await (each.list ? lists.whole(place, value) : lists.draftOf(place, value)) };
  });
  return { ...draft, channels: await Promise.all(channels) };
}

function nameOf(channel: string): string {
  return `the channel ${JSON.stringify(channel)}`;
}
