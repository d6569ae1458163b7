import type { StatementSync } from 'node:sqlite';
import { wireBytes } from '../../../codec/wire-text.ts';
import type { ListPiece } from '../../../store/checkpoint-list.ts';
import type {
  ChannelContent,
  ChannelDraft,
  CheckpointDraft,
  CheckpointListRequest,
  CheckpointWrite,
  StoredCheckpoint,
} from '../../../store/checkpoint-store.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import { textOf } from '../state/key-bounds.ts';
import { blob, NO_BYTES } from './blob.ts';
import { ListTable } from './list-table.ts';
import { checkpointsSql } from './statements/checkpoints.generated.ts';

/** Is a checkpoint as it stands in its table. */
export interface CheckpointRow {
  readonly number: number;
  readonly graph: Uint8Array;
  readonly id: Uint8Array;
  readonly parent: Uint8Array | null;
  readonly record: Uint8Array;
  readonly metadata: Uint8Array;
}

/** Is a channel that gets a value of its own, or one that is there already. */
export interface PlannedChannel extends Pick<ChannelDraft, 'channel' | 'version' | 'value' | 'list'> {
  /** Is the number of the value that is there; undefined for a new one. */
  readonly shared: number | undefined;
}

/** Holds the checkpoints of threads, with their values and writes. Everything here runs in a transaction of the caller. */
export class CheckpointTable {
  readonly statements: Readonly<Record<keyof typeof checkpointsSql, StatementSync>>;

  readonly lists: ListTable;

  constructor(database: SqliteDatabase) {
    this.lists = new ListTable(database);
    this.statements = database.prepare(checkpointsSql);
  }

  /** Returns the checkpoint at a place; without an id, the newest one. */
  find(thread: number, namespace: string, id: string | undefined): CheckpointRow | undefined {
    const where = { thread, graph: wireBytes(namespace) };
    const { find, newest } = this.statements;
    const row = id === undefined ? newest.get(where) : find.get({ ...where, id: wireBytes(id) });
    return row as CheckpointRow | undefined;
  }

  /** Returns one checkpoint more than the limit, if there is one. */
  list(thread: number, { namespace, id, before, limit }: CheckpointListRequest): readonly CheckpointRow[] {
    const least = id === undefined ? NO_BYTES : wireBytes(id);
    const end = id === undefined ? BEYOND_ALL : Buffer.concat([least, Buffer.of(0)]);
    const range = { thread, least, limit: Math.min(limit + 1, MAX_ROWS) };
    const { listGraph, listThread } = this.statements;
    if (namespace !== undefined) {
      const graph = wireBytes(namespace);
      return listGraph.all({
        ...range,
        graph,
        before: before === undefined ? end : wireBytes(before.id),
      }) as unknown as CheckpointRow[];
    }
    const last =
      before === undefined
        ? { before: end, graph: NO_BYTES }
        : { before: wireBytes(before.id), graph: wireBytes(before.namespace ?? '') };
    return listThread.all({ ...range, ...last }) as unknown as CheckpointRow[];
  }

  /** Returns a checkpoint with all that belongs to it. */
  whole(
    thread: number,
    name: string,
    row: CheckpointRow,
    piecesOf: (list: number) => readonly ListPiece[] = this.lists.reader(),
  ): StoredCheckpoint {
    const { graph, id, parent, record, metadata, number } = row;
    const channels = this.statements.channels.all({ checkpoint: number }) as unknown as readonly ChannelRow[];
    return {
      thread: name,
      namespace: textOf(graph),
      id: textOf(id),
      parent: parent === null ? undefined : textOf(parent),
      record,
      metadata,
      values: channels.map(({ channel, ...held }) =>
        Object.assign(contentOf(held, piecesOf), { channel: textOf(channel) }),
      ),
      writes: this.writes(thread, graph, id),
    };
  }

  /** Returns the writes beside a place, in order. */
  writes(thread: number, graph: Uint8Array, id: Uint8Array): CheckpointWrite[] {
    const rows = this.statements.writes.all({ thread, graph: blob(graph), id }) as unknown as readonly WriteRow[];
    return rows.map(({ task, place, path, channel, value }) => ({
      task: textOf(task),
      index: place,
      path: textOf(path),
      channel: textOf(channel),
      value,
    }));
  }

  /** Returns what a channel of a checkpoint holds. */
  content(checkpoint: number, channel: string): ChannelContent | undefined {
    const held = this.statements.channel.get({ checkpoint, channel: wireBytes(channel) });
    return held && contentOf(held as unknown as HeldRow, this.lists.reader());
  }

  /** Returns the versions of the channels of a checkpoint, and the numbers of their values. */
  versions(checkpoint: number): ReadonlyMap<string, { readonly version: string; readonly number: number }> {
    const rows = this.statements.versions.all({ checkpoint }) as unknown as readonly VersionRow[];
    return new Map(rows.map(({ channel, version, number }) => [textOf(channel), { version: textOf(version), number }]));
  }

  /** @param replayed names the channels that are made of what was written to them */
  put(thread: number, draft: CheckpointDraft, channels: readonly PlannedChannel[], replayed: readonly string[]): void {
    const { namespace, id, parent, record, metadata } = draft;
    const { add, clearChannels, addValue, addChannel, removeUnused, addReplayed, clearReplayed } = this.statements;
    const checkpoint = add.get({
      thread,
      graph: wireBytes(namespace),
      id: wireBytes(id),
      parent: parent === undefined ? null : wireBytes(parent),
      record,
      metadata,
    })?.['number'] as number;
    const replaced = [...this.versions(checkpoint).values()];
    clearChannels.run({ checkpoint });
    clearReplayed.run({ checkpoint });
    for (const { channel, version, value = NO_BYTES, list, shared } of channels) {
      const added = list === undefined ? null : this.lists.add(thread, list);
      const number = shared ?? addValue.run({ thread, value: blob(value), list: added }).lastInsertRowid;
      addChannel.run({ checkpoint, channel: wireBytes(channel), version: wireBytes(version), value: number });
    }
    for (const channel of replayed) addReplayed.run({ checkpoint, channel: wireBytes(channel) });
    for (const { number } of replaced) removeUnused.run({ value: number });
  }

  /** Puts all that a thread holds into an empty one. */
  copy(thread: number, target: number): void {
    const { values, addValue, all, add, versions, addChannel, copyWrites, replayed, addReplayed } = this.statements;
    const copies = new Map<number, number | bigint>();
    const copyOf = this.lists.copy(thread, target);
    for (const { id, value, list } of values.all({ thread }) as unknown as readonly ValueRow[]) {
      const row = { thread: target, value: blob(value), list: list === null ? null : copyOf(list) };
      copies.set(id, addValue.run(row).lastInsertRowid);
    }
    for (const { number, ...row } of all.all({ thread }) as unknown as readonly CheckpointRow[]) {
      const checkpoint = add.get({ ...row, graph: blob(row.graph), thread: target })?.['number'] as number;
      for (const each of versions.all({ checkpoint: number }) as unknown as readonly VersionRow[]) {
        const value = copies.get(each.number) as number;
        addChannel.run({ checkpoint, channel: blob(each.channel), version: blob(each.version), value });
      }
      for (const { channel } of replayed.all({ checkpoint: number }) as unknown as readonly VersionRow[]) {
        addReplayed.run({ checkpoint, channel: blob(channel) });
      }
    }
    copyWrites.run({ thread, target });
  }
}

/** Is a value, or the id of a list in its place. */
interface HeldRow {
  readonly value: Uint8Array;
  readonly list: number | null;
}

interface ChannelRow extends HeldRow {
  readonly channel: Uint8Array;
}

interface VersionRow {
  readonly channel: Uint8Array;
  readonly version: Uint8Array;
  readonly number: number;
}

interface ValueRow extends HeldRow {
  readonly id: number;
}

interface WriteRow {
  readonly task: Uint8Array;
  readonly place: number;
  readonly path: Uint8Array;
  readonly channel: Uint8Array;
  readonly value: Uint8Array;
}

function contentOf({ value, list }: HeldRow, piecesOf: (list: number) => readonly ListPiece[]): ChannelContent {
  return list === null ? { value } : { pieces: piecesOf(list) };
}

// No text has the byte 255.
const BEYOND_ALL = Buffer.of(0xff);
const MAX_ROWS = 100_000;
