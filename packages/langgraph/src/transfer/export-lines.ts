import type { ListDraft } from '@keepstep/core';

import { CheckedLines } from './checked-lines.ts';
import type { ThreadEntry } from './thread-entry.ts';

/** Is the version of the format. */
export const FORMAT_VERSION = 1;

/** Writes a thread as lines of JSON, each with a line break: a header, the checkpoints, and an end. */
export async function* exportLines(thread: string, entries: AsyncIterable<ThreadEntry>): AsyncGenerator<string> {
  const lines = new CheckedLines();
  yield `${lines.write({ format: 'keepstep-thread', version: FORMAT_VERSION, thread })}\n`;
  const numbers = new Map<string, number>();
  let checkpoints = 0;
  for await (const entry of entries) {
    yield `${lines.write(plain(entry, numbers))}\n`;
    checkpoints += 1;
  }
  yield `${lines.write({ end: true, checkpoints })}\n`;
}

/** @param numbers holds the numbers of the lists that have come before, by which those after them refer to them */
function plain(entry: ThreadEntry, numbers: Map<string, number>): object {
  const { namespace, id, parent, record, metadata, channels, writes } = entry;
  return {
    namespace,
    id,
    parent: parent ?? null,
    record: base64(record),
    metadata: base64(metadata),
    channels: channels.map(({ channel, version, value, list, replayed }) => {
      if (replayed === true) return [channel, version, false];
      if (list !== undefined) return [channel, version, numbered(list, numbers)];
      return [channel, version, value === undefined ? null : base64(value)];
    }),
    writes: writes.map(({ task, index, path, channel, value }) => [task, index, path, channel, base64(value)]),
  };
}

/** Returns the number of the list that a list goes on from, 0 for the empty one, and numbers and contents of its pieces. */
function numbered({ after, pieces }: ListDraft, numbers: Map<string, number>): object {
  const before = after === undefined ? 0 : numbers.get(after);
  const added = pieces.map(({ digest, value }) => {
    numbers.set(digest, numbers.size + 1);
    return [numbers.size, base64(value)];
  });
  return { after: before, pieces: added };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
