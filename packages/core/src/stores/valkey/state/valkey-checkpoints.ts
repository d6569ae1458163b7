import type { Clock } from '../../../clock.ts';
import { assertNamed } from '../../../store/checkpoint-list.ts';
import { firstIdAt } from '../../../store/checkpoint-age.ts';
import type {
  ChannelDraft,
  ChannelHistory,
  CheckpointDraft,
  CheckpointListRequest,
  CheckpointPage,
  CheckpointPlace,
  CheckpointPut,
  CheckpointQuery,
  CheckpointStore,
  CheckpointWrite,
  PruneRequest,
  StoredCheckpoint,
  ThreadChange,
  ThreadSize,
  ThreadTerms,
} from '../../../store/checkpoint-store.ts';
import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';
import { escapeName } from '../key-layout.ts';
import type { LuaScript } from '../lua-script.ts';
import type { Argument, ValkeyConnection } from '../valkey-connection.ts';
import { checkpointFrom, writesFrom, type CheckpointReply } from './checkpoint-reply.ts';
import { ListPiecesReply, type ContentReply } from './list-pieces-reply.ts';
import { Directory } from './directory.ts';
import { checkpointDeleteScript } from './lua/checkpoint-delete.generated.ts';
import { checkpointDumpScript } from './lua/checkpoint-dump.generated.ts';
import { checkpointHistoryScript } from './lua/checkpoint-history.generated.ts';
import { checkpointListScript } from './lua/checkpoint-list.generated.ts';
import { checkpointLoadScript } from './lua/checkpoint-load.generated.ts';
import { checkpointPruneScript } from './lua/checkpoint-prune.generated.ts';
import { checkpointPutScript } from './lua/checkpoint-put.generated.ts';
import { checkpointReadScript } from './lua/checkpoint-read.generated.ts';
import { checkpointSizeScript } from './lua/checkpoint-size.generated.ts';
import { checkpointWritesScript } from './lua/checkpoint-writes.generated.ts';
import { StateCommands } from './state-commands.ts';
import { StateKeys } from './state-keys.ts';
import { fromWire, toWire } from '../../../codec/wire-text.ts';

/**
 * Holds the checkpoints of one namespace on Valkey. A thread has a slot of a cluster for itself, and every method is one
 * script, except that a copy goes from one slot to another: it is read in one step and written in one.
 */
export class ValkeyCheckpoints implements CheckpointStore {
  readonly #commands: StateCommands;
  readonly #keys: StateKeys;
  readonly #directory: Directory;

  constructor(connection: ValkeyConnection, namespace: string, clock: Clock, budgetMs: number) {
    this.#commands = new StateCommands(connection, budgetMs);
    this.#keys = new StateKeys(namespace);
    this.#directory = new Directory(this.#commands, this.#keys.threads, clock);
  }

  async put(
    { channels, record, metadata, parent, ...place }: CheckpointDraft,
    terms: ThreadTerms = {},
  ): Promise<CheckpointPut> {
    for (const { list } of channels) if (list !== undefined) assertNamed(list);
    await this.#directory.add(place.thread);
    const before = parent === undefined ? '' : placeText({ ...place, id: parent });
    const head = [placeText(place), before, bytes(record), bytes(metadata), terms.fence ?? 0, terms.ttlMs ?? 0];
    const reply = await this.#run(checkpointPutScript, place.thread, [...head, ...channels.flatMap(draftArguments)]);
    if (typeof reply === 'number') return changeFrom(reply);
    const missing = reply as readonly Buffer[];
    return missing.length === 0 ? changeFrom(0) : { kind: 'missing', channels: missing.map(fromWire) };
  }

  async putWrites(
    place: CheckpointPlace,
    writes: readonly CheckpointWrite[],
    { fence = 0, ttlMs = 0 }: ThreadTerms = {},
  ): Promise<ThreadChange> {
    if (writes.length === 0) return changeFrom(0);
    await this.#directory.add(place.thread);
    const drafts = writes.flatMap(({ task, index, path, channel, value }): Argument[] => {
      return [toWire(task), index, toWire(path), toWire(channel), bytes(value)];
    });
    const args = [placeText(place), fence, ttlMs, ...drafts];
    return changeFrom(await this.#run(checkpointWritesScript, place.thread, args));
  }

  async read(
    { thread, namespace, id }: CheckpointQuery,
    { ttlMs = 0 }: ThreadTerms = {},
  ): Promise<StoredCheckpoint | undefined> {
    const place = id === undefined ? '' : placeText({ namespace, id });
    const reply = await this.#run(checkpointReadScript, thread, [escapeName(namespace), place, ttlMs]);
    if (reply === null) return undefined;
    const [pieces, found] = reply as readonly [readonly Buffer[], CheckpointReply];
    return checkpointFrom(thread, found, new ListPiecesReply(pieces));
  }

  async list(request: CheckpointListRequest): Promise<CheckpointPage> {
    const { thread, limit } = request;
    const [index, from, to] = rangeOf(request);
    const reply = await this.#run(checkpointListScript, thread, [index, from, to, Math.min(limit, MAX_PAGE)]);
    const [pieces, more, ...found] = reply as readonly [readonly Buffer[], number, ...CheckpointReply[]];
    const lists = new ListPiecesReply(pieces);
    return { checkpoints: found.map((each) => checkpointFrom(thread, each, lists)), more: more === 1 };
  }

  async history({ thread, namespace, id }: CheckpointQuery, channels: readonly string[]): Promise<ChannelHistory[]> {
    const place = id === undefined ? '' : placeText({ namespace, id });
    const args = [escapeName(namespace), place, ...channels.map(toWire)];
    const reply = await this.#run(checkpointHistoryScript, thread, args);
    const [pieces, ...found] = reply as readonly [readonly Buffer[], ...HistoryReply[]];
    const lists = new ListPiecesReply(pieces);
    return found.map(([seed, steps], at) => ({
      channel: channels[at] as string,
      seed: seed.length === 0 ? undefined : lists.contentOf(seed),
      writes: steps.toReversed().flatMap(writesFrom),
    }));
  }

  threads(request: KeyPageRequest): Promise<KeyPage> {
    return this.#directory.page(request, async (names) => {
      const found = names.map(async (name) => (await this.#run(checkpointSizeScript, name, [0])) !== null);
      return Promise.all(found);
    });
  }

  async size(thread: string): Promise<ThreadSize | undefined> {
    const reply = (await this.#run(checkpointSizeScript, thread, [1])) as readonly [number, number] | null;
    return reply === null ? undefined : { checkpoints: reply[0], bytes: reply[1] };
  }

  async deleteThread(thread: string, { fence = 0 }: ThreadTerms = {}): Promise<ThreadChange> {
    return changeFrom(await this.#run(checkpointDeleteScript, thread, [fence]));
  }

  async copyThread(from: string, to: string, { fence = 0, ttlMs = 0 }: ThreadTerms = {}): Promise<ThreadChange> {
    if (from === to) return changeFrom(0);
    const [checkpoints, values, pieces, writes] = (await this.#run(checkpointDumpScript, from, [])) as ThreadDump;
    const args: Argument[] = [fence, ttlMs];
    const add = (kind: string, [...list]: readonly Buffer[]): void => {
      for (let at = 0; at < list.length; at += 2) args.push(kind, list[at] as Buffer, list[at + 1] as Buffer);
    };
    add('c', checkpoints);
    add('b', values);
    add('p', pieces);
    for (let at = 0; at < writes.length; at += 2) {
      args.push('k', writes[at] as Buffer, '');
      add('w', writes[at + 1] as readonly Buffer[]);
    }
    if (args.length > 2) await this.#directory.add(to);
    return changeFrom(await this.#run(checkpointLoadScript, to, args));
  }

  async prune(thread: string, { keepLast, olderThan }: PruneRequest): Promise<number> {
    const first = olderThan === undefined ? '' : firstIdAt(olderThan);
    return (await this.#run(checkpointPruneScript, thread, [keepLast, first])) as number;
  }

  #run(script: LuaScript, thread: string, args: readonly Argument[]): Promise<unknown> {
    return this.#commands.run(script, [this.#keys.thread(thread).checkpoints], args);
  }
}

/** Is all that a thread holds: fields and contents of checkpoints, values and pieces, and places with their writes. */
type ThreadDump = readonly [
  checkpoints: readonly Buffer[],
  values: readonly Buffer[],
  pieces: readonly Buffer[],
  writes: readonly (Buffer | readonly Buffer[])[],
];

/** Is what has become of a channel, the nearest ancestor first. */
type HistoryReply = readonly [seed: ContentReply | readonly [], steps: readonly (readonly Buffer[])[]];

const MAX_PAGE = 10_000;
const ZERO = Buffer.of(0);

function bytes(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** Reads what a script answers to a change: 0, or a higher fence. */
function changeFrom(reply: unknown): ThreadChange {
  return reply === 0 ? { kind: 'stored' } : { kind: 'stale', fence: Number(reply) };
}

function draftArguments({
  channel,
  version,
  value,
  list,
  optional = false,
  replayed = false,
}: ChannelDraft): Argument[] {
  const name = [toWire(channel), escapeName(version)];
  if (list !== undefined) {
    const pieces = list.pieces.flatMap((piece) => [piece.digest, bytes(piece.value)]);
    return [...name, 'list', list.after ?? '', list.pieces.length, ...pieces];
  }
  if (value !== undefined) return [...name, 'value', bytes(value)];
  return [...name, replayed ? 'replayed' : optional ? 'optional' : 'shared'];
}

function joined(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

/** Returns the name of a place: an escaped namespace has no zero byte in it. */
function placeText({ namespace, id }: Pick<CheckpointPlace, 'namespace' | 'id'>): Buffer {
  return joined(escapeName(namespace), ZERO, toWire(id));
}

/** Returns the index to look into, and the range of it, from the newest name to the oldest one. */
function rangeOf({
  namespace,
  id,
  before,
}: CheckpointListRequest): readonly [index: string, from: Argument, to: Argument] {
  const isOne = namespace !== undefined;
  const first = isOne ? `${escapeName(namespace)}\0` : '';
  const idEnd = isOne ? '' : '\0';
  const newest = isOne ? `(${escapeName(namespace)}\u0001` : '+';
  const oldest = isOne ? `[${first}` : '-';
  if (id !== undefined && isOne) {
    const place = joined('[', placeText({ namespace, id }));
    return ['n', place, place];
  }
  const to = id === undefined ? oldest : joined('[', toWire(id), '\0');
  if (before !== undefined) {
    const last = isOne ? '' : escapeName(before.namespace ?? '');
    return [isOne ? 'n' : 'i', joined('(', first, toWire(before.id), idEnd, last), to];
  }
  return [isOne ? 'n' : 'i', id === undefined ? newest : joined('(', toWire(id), '\u0001'), to];
}
