import type { ChannelDraft, StoredCheckpoint } from '@keepstep/core';

import { listing } from '../checkpoint-listing.ts';
import type { CheckpointPorts } from '../checkpoint-ports.ts';
import type { CheckpointReader } from '../checkpoint-reader.ts';
import type { ThreadEntry } from './thread-entry.ts';

/**
 * Goes through all checkpoints of a thread, in all its namespaces, oldest first; a parent comes before what shares its values.
 * Holds no more than one checkpoint of each namespace at a time, and the ids of all of them.
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
  for (const { namespace, id } of places.toReversed()) {
    const stored = await ports.read(thread, (store) => store.read({ thread, namespace, id }));
    // It was pruned meanwhile.
    if (stored === undefined) continue;
    const found = { stored, versions: await reader.versions(stored) };
    const before = latest.get(namespace);
    const isParent = before !== undefined && before.stored.id === stored.parent;
    yield { ...stored, channels: channelsOf(found, isParent ? before : undefined) };
    latest.set(namespace, found);
  }
}

interface Versioned {
  readonly stored: StoredCheckpoint;
  readonly versions: Readonly<Record<string, unknown>>;
}

function channelsOf({ stored, versions }: Versioned, parent: Versioned | undefined): ChannelDraft[] {
  const inherited = new Map(parent?.stored.values.map(({ channel, value }) => [channel, value]));
  return stored.values.map(({ channel, value }) => {
    const version = String(versions[channel]);
    const before = inherited.get(channel);
    const isShared =
      before !== undefined && String(parent?.versions[channel]) === version && Buffer.compare(before, value) === 0;
    return isShared ? { channel, version } : { channel, version, value };
  });
}
