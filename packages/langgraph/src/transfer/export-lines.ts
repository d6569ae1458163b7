import { CheckedLines } from './checked-lines.ts';
import type { ThreadEntry } from './thread-entry.ts';

/** Is the version of the format. */
export const FORMAT_VERSION = 1;

/** Writes a thread as lines of JSON, each with a line break: a header, the checkpoints, and an end. */
export async function* exportLines(thread: string, entries: AsyncIterable<ThreadEntry>): AsyncGenerator<string> {
  const lines = new CheckedLines();
  yield `${lines.write({ format: 'keepstep-thread', version: FORMAT_VERSION, thread })}\n`;
  let checkpoints = 0;
  for await (const entry of entries) {
    yield `${lines.write(plain(entry))}\n`;
    checkpoints += 1;
  }
  yield `${lines.write({ end: true, checkpoints })}\n`;
}

function plain({ namespace, id, parent, record, metadata, channels, writes }: ThreadEntry): object {
  return {
    namespace,
    id,
    parent: parent ?? null,
    record: base64(record),
    metadata: base64(metadata),
    channels: channels.map(({ channel, version, value }) => [
      channel,
      version,
      value === undefined ? null : base64(value),
    ]),
    writes: writes.map(({ task, index, path, channel, value }) => [task, index, path, channel, base64(value)]),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
