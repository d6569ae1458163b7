import type { ChannelDraft } from '@keepstep/core';
import { StateError } from '@keepstep/core/state';

import type { CheckpointPorts } from '../checkpoint-ports.ts';
import type { ListDigest } from '../lists/list-digest.ts';
import { RenamedLists } from './renamed-lists.ts';
import { stagingThreadOf } from './staging-thread.ts';
import type { ThreadEntry } from './thread-entry.ts';

/**
 * Puts checkpoints into a thread, in place of what it holds, and returns how many there were. The thread changes in one step,
 * when all of them have come: they are gathered in a thread that nobody sees.
 */
export async function restoreThread(
  ports: CheckpointPorts,
  digest: ListDigest,
  target: string,
  entries: AsyncIterable<ThreadEntry>,
): Promise<number> {
  const thread = stagingThreadOf(target);
  const lists = new RenamedLists(digest, target);
  let count = 0;
  try {
    for await (const { writes, ...entry } of entries) {
      const channels = entry.channels.map((each) => lists.renamed(each));
      const lost = entry.channels.filter((_, index) => channels[index] === undefined);
      if (lost.length > 0)
        throw incomplete(
          target,
          entry.id,
          lost.map(({ channel }) => channel),
        );
      const draft = { ...entry, thread, channels: channels as ChannelDraft[] };
      const result = await ports.change(target, (store) => store.put(draft));
      if (result.kind === 'missing') throw incomplete(target, entry.id, result.channels);
      const place = { thread, namespace: entry.namespace, id: entry.id };
      if (writes.length > 0) await ports.change(target, (store) => store.putWrites(place, writes));
      count += 1;
    }
    await ports.change(target, (store) => store.copyThread(thread, target));
  } finally {
    // What has failed before is the news, and what is left behind is seen by nobody.
    await ports.change(target, (store) => store.deleteThread(thread)).catch(() => undefined);
  }
  return count;
}

function incomplete(subject: string, id: string, channels: readonly string[]): StateError {
  const names = channels.map((channel) => JSON.stringify(channel)).join(', ');
  const message = `The checkpoint ${JSON.stringify(id)} shares values that have not come before it: ${names}.`;
  return new StateError('data_corrupt', message, { subject });
}
