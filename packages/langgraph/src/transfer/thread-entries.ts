import type { ChannelContent, ChannelDraft, ListDraft, ListPiece, StoredCheckpoint } from '@keepstep/core';

import { listing } from '../checkpoint-listing.ts';
import type { CheckpointPorts } from '../checkpoint-ports.ts';
import type { CheckpointReader } from '../checkpoint-reader.ts';
import { replayedChannels } from '../terms/replayed-channels.ts';
import type { ThreadEntry } from './thread-entry.ts';

/**
 * Goes through all checkpoints of a thread, in all its namespaces, oldest first; a parent comes before what shares its values.
 * A piece of a list comes once, with the first checkpoint that has it. Holds no more than one checkpoint of each namespace at
 * a time, and the ids of all of them and of their pieces.
 */
export async function* threadEntries(
  ports: CheckpointPorts,
  reader: CheckpointReader,
  thread: string,
): AsyncGenerator<ThreadEntry> {
  const places: { readonly namespace: string; readonly id: string }[] = [];
  const request = { thread, namespace: undefined, id: undefined, before: undefined };
  for await (const { namespace, id } of listing(ports, request)) places.push({ namespace, id });
  const latest = new Map<string, Versioned>();
  const known = new Set<string>();
  for (const { namespace, id } of places.toReversed()) {
    const stored = await ports.read(thread, (store) => store.read({ thread, namespace, id }));
    // It was pruned meanwhile.
    if (stored === undefined) continue;
    const replayed = replayedChannels(await reader.metadata(stored));
    const found = { stored, versions: await reader.versions(stored), replayed };
    const before = latest.get(namespace);
    const isParent = before !== undefined && before.stored.id === stored.parent;
    yield { ...stored, channels: channelsOf(found, isParent ? before : undefined, known) };
    latest.set(namespace, found);
  }
}

interface Versioned {
  readonly stored: StoredCheckpoint;
  readonly versions: Readonly<Record<string, unknown>>;
  /** Names the channels that are made of what was written to them. */
  readonly replayed: ReadonlySet<string>;
}

/** @param known holds the names of the lists that have come before, and then those of this checkpoint as well */
function channelsOf(
  { stored, versions, replayed }: Versioned,
  parent: Versioned | undefined,
  known: Set<string>,
): ChannelDraft[] {
  const inherited = new Map(parent?.stored.values.map((value) => [value.channel, value]));
  const held = stored.values.map((content): ChannelDraft => {
    const { channel, value, pieces } = content;
    const version = String(versions[channel]);
    const before = inherited.get(channel);
    const isShared = before !== undefined && String(parent?.versions[channel]) === version && isSame(before, content);
    if (isShared) return { channel, version };
    return pieces === undefined ? { channel, version, value } : { channel, version, list: listOf(pieces, known) };
  });
  const others = [...replayed]
    .filter((channel) => Object.hasOwn(versions, channel) && held.every((each) => each.channel !== channel))
    .map((channel) => ({ channel, version: String(versions[channel]), optional: true, replayed: true }));
  return [...held, ...others];
}

function isSame(one: ChannelContent, other: ChannelContent): boolean {
  if (one.value !== undefined && other.value !== undefined) return Buffer.compare(one.value, other.value) === 0;
  if (one.pieces === undefined || other.pieces === undefined) return false;
  return one.pieces.at(-1)?.digest === other.pieces.at(-1)?.digest;
}

function listOf(pieces: readonly ListPiece[], known: Set<string>): ListDraft {
  const place = pieces.findLastIndex(({ digest }) => known.has(digest));
  const added = pieces.slice(place + 1);
  for (const { digest } of added) known.add(digest);
  return { after: pieces[place]?.digest, pieces: added };
}
