import { StateError } from '@keepstep/core/state';

import { CheckedLines } from './checked-lines.ts';
import { entryFrom } from './entry-from.ts';
import { FORMAT_VERSION } from './export-lines.ts';
import { textLines, type FileChunks } from './text-lines.ts';
import type { ThreadEntry } from './thread-entry.ts';

/** Is a file that a thread was exported to, read as far as its header. */
export interface ImportedThread {
  /** Is the id that the thread had. */
  readonly thread: string;
  /** Goes through the checkpoints, once, and throws `data_corrupt` with the number of the line where the file is damaged or cut off. */
  readonly entries: AsyncIterable<ThreadEntry>;
}

/** @throws StateError `data_corrupt` for what is no export, or one of a later version */
export async function importLines(chunks: FileChunks): Promise<ImportedThread> {
  const lines = numbered(chunks);
  const header = await lines.next();
  if (header.done === true) throw damaged(1, 'the file is empty');
  const { format, version, thread } = header.value.content;
  if (format !== 'keepstep-thread' || typeof thread !== 'string') throw damaged(1, 'this is no export of a thread');
  if (version !== FORMAT_VERSION) {
    throw damaged(1, `the format has version ${String(version)}, and this Keepstep reads version ${FORMAT_VERSION}`);
  }
  return { thread, entries: entriesOf(lines) };
}

interface Line {
  readonly number: number;
  readonly content: Readonly<Record<string, unknown>>;
}

async function* numbered(chunks: FileChunks): AsyncGenerator<Line, undefined> {
  const checked = new CheckedLines();
  let number = 0;
  try {
    for await (const line of textLines(chunks)) {
      number += 1;
      const content = checked.read(line);
      if (typeof content !== 'object' || content === null) throw damaged(number, 'the checksum does not fit');
      yield { number, content: content as Line['content'] };
    }
  } catch (error) {
    throw error instanceof TypeError ? damaged(number + 1, 'there are bytes that are no text', error) : error;
  }
}

async function* entriesOf(lines: AsyncGenerator<Line>): AsyncGenerator<ThreadEntry> {
  let [count, last] = [0, 1];
  for await (const { number, content } of lines) {
    if (content['end'] === true) {
      if (content['checkpoints'] !== count) throw damaged(number, 'the number of checkpoints does not fit');
      const { done } = await lines.next();
      if (done !== true) throw damaged(number + 1, 'there is something after the end');
      return;
    }
    const entry = entryFrom(content);
    if (entry === undefined) throw damaged(number, 'this is no checkpoint');
    yield entry;
    [count, last] = [count + 1, number];
  }
  throw damaged(last + 1, 'the file is cut off');
}

function damaged(line: number, reason: string, cause?: unknown): StateError {
  const message = `The export cannot be read: line ${line}: ${reason}.`;
  return new StateError('data_corrupt', message, { subject: `line ${line}` }, { cause });
}
