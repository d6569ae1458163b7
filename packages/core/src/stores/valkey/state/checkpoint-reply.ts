import type { CheckpointWrite, StoredCheckpoint } from '../../../store/checkpoint-store.ts';
import { unescapeName } from '../key-layout.ts';
import type { ContentReply, ListPiecesReply } from './list-pieces-reply.ts';
import { fromWire } from '../../../codec/wire-text.ts';

/** Is a checkpoint as the scripts return it: place, parent, record, metadata, values, writes. */
export type CheckpointReply = readonly [
  place: Buffer,
  parent: Buffer,
  record: Buffer,
  metadata: Buffer,
  values: readonly (Buffer | number)[],
  writes: readonly Buffer[],
];

/** Reads a checkpoint, with the pieces of its lists that came along. */
export function checkpointFrom(thread: string, reply: CheckpointReply, pieces: ListPiecesReply): StoredCheckpoint {
  const [place, parent, record, metadata, values, writes] = reply;
  const zero = place.indexOf(0);
  return {
    thread,
    namespace: unescapeName(String(place.subarray(0, zero))),
    id: fromWire(place.subarray(zero + 1)),
    parent: parent.length === 0 ? undefined : fromWire(parent.subarray(1)),
    record,
    metadata,
    values: inGroups(values, 3).map(([channel, ...content]) =>
      Object.assign(pieces.contentOf(content as unknown as ContentReply), { channel: fromWire(channel as Buffer) }),
    ),
    writes: writesFrom(writes),
  };
}

/** Reads the writes beside one place, and puts them in order: bytes are in the order of code points. */
export function writesFrom(reply: readonly Buffer[]): CheckpointWrite[] {
  return inGroups(reply, 5)
    .toSorted(
      ([task, index, path], [otherTask, otherIndex, otherPath]) =>
        Buffer.compare(path as Buffer, otherPath as Buffer) ||
        Buffer.compare(task as Buffer, otherTask as Buffer) ||
        Number(String(index)) - Number(String(otherIndex)),
    )
    .map(([task, index, path, channel, value]) => ({
      task: fromWire(task as Buffer),
      index: Number(String(index)),
      path: fromWire(path as Buffer),
      channel: fromWire(channel as Buffer),
      value: value as Buffer,
    }));
}

function inGroups<Part>(list: readonly Part[], size: number): Part[][] {
  return Array.from({ length: list.length / size }, (_, group) => list.slice(group * size, (group + 1) * size));
}
