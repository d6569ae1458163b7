import assert from 'node:assert/strict';

import { hashKey } from '../codec/key-hash.ts';
import type { ListPiece } from '../store/checkpoint-list.ts';
import type {
  ChannelContent,
  ChannelDraft,
  CheckpointListRequest,
  CheckpointPut,
  CheckpointStore,
  CheckpointWrite,
  StoredCheckpoint,
  ThreadTerms,
} from '../store/checkpoint-store.ts';
import type { KeyPage, KeyPageRequest } from '../store/key-page.ts';

/** Is a checkpoint of a case. */
export interface CheckpointSpec {
  readonly thread?: string;
  readonly namespace?: string;
  readonly parent?: string;
  /** Holds the channels that change: their versions and values. */
  readonly sets?: Readonly<Record<string, readonly [version: string, value: string]>>;
  /** Holds the channels that hold a list: their versions, the texts in it, and how many of them are there already. */
  readonly lists?: Readonly<Record<string, readonly [version: string, texts: readonly string[], known?: number]>>;
  /** Holds the channels that stay as they are in the parent: their versions. */
  readonly shares?: Readonly<Record<string, string>>;
  readonly optional?: boolean;
  /** Holds the channels that are made of what was written to them: their versions. */
  readonly replays?: Readonly<Record<string, string>>;
  readonly terms?: ThreadTerms;
}

/** Is a write of a case: task, index, value, and the path of the task. */
export type WriteSpec = readonly [task: string, index: number, value: string, path?: string, channel?: string];

/** Is a checkpoint as cases compare it. */
export interface CheckpointFacts {
  readonly id: string;
  readonly parent: string | undefined;
  readonly record: string;
  readonly metadata: string;
  /** Holds a text for a value, and the texts of a list. */
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  readonly writes: readonly string[];
}

/** Says where a case looks. */
export interface CheckpointWhere {
  readonly thread?: string;
  readonly namespace?: string;
}

/** Speaks to the checkpoints of one client in the words of the cases; every answer is awaited. */
export class CheckpointClient {
  readonly store: CheckpointStore;

  constructor(store: CheckpointStore) {
    this.store = store;
  }

  async tryPut(id: string, spec: CheckpointSpec = {}): Promise<CheckpointPut> {
    const {
      thread = 'thread',
      namespace = '',
      parent,
      sets = {},
      lists = {},
      shares = {},
      replays = {},
      optional,
    } = spec;
    const channels: ChannelDraft[] = [
      ...Object.entries(sets).map(([channel, [version, value]]) => ({ channel, version, value: bytes(value) })),
      ...Object.entries(lists).map(([channel, [version, texts, known = 0]]) => {
        const pieces = piecesOf(texts);
        const list = { after: pieces[known - 1]?.digest, pieces: pieces.slice(known) };
        return { channel, version, list };
      }),
      ...Object.entries(shares).map(([channel, version]) => ({ channel, version, optional })),
      ...Object.entries(replays).map(([channel, version]) => ({ channel, version, optional: true, replayed: true })),
    ];
    const record = bytes(`record of ${id}`);
    const draft = { thread, namespace, id, parent, record, metadata: bytes(`metadata of ${id}`), channels };
    return this.store.put(draft, spec.terms);
  }

  async put(id: string, spec: CheckpointSpec = {}): Promise<void> {
    assert.deepEqual(await this.tryPut(id, spec), { kind: 'stored' });
  }

  async write(id: string, writes: readonly WriteSpec[], where: CheckpointWhere = {}): Promise<void> {
    const { thread = 'thread', namespace = '' } = where;
    await this.store.putWrites(
      { thread, namespace, id },
      writes.map(([task, index, value, path = '', channel = 'channel']) => {
        return { task, index, path, channel, value: bytes(value) };
      }),
    );
  }

  async read(id?: string, { thread = 'thread', namespace = '' }: CheckpointWhere = {}): Promise<CheckpointFacts> {
    const found = await this.store.read({ thread, namespace, id });
    return found === undefined ? assert.fail(`no checkpoint ${id}`) : factsOf(found);
  }

  async assertNone(id?: string, { thread = 'thread', namespace = '' }: CheckpointWhere = {}): Promise<void> {
    assert.equal(await this.store.read({ thread, namespace, id }), undefined);
  }

  /** Returns the namespaces and ids of a page, and whether there is more. */
  async list(
    request: Partial<CheckpointListRequest> = {},
  ): Promise<readonly [places: readonly string[], more: boolean]> {
    const { checkpoints, more } = await this.store.list({ thread: 'thread', limit: 100, ...request });
    return [checkpoints.map(({ namespace, id }) => `${namespace}/${id}`), more];
  }

  /** Returns the seed and the writes of one channel. */
  async history(
    id?: string,
    channel = 'channel',
  ): Promise<readonly [seed: string | readonly string[] | undefined, writes: string]> {
    const [found] = await this.store.history({ thread: 'thread', namespace: '', id }, [channel]);
    assert.equal(found?.channel, channel);
    return [found.seed && textsOf(found.seed), found.writes.map(({ value }) => text(value)).join(' ')];
  }

  async threads(request: Partial<KeyPageRequest> = {}): Promise<KeyPage> {
    return this.store.threads({ prefix: '', after: undefined, limit: 100, ...request });
  }
}

function factsOf({ id, parent, record, metadata, values, writes }: StoredCheckpoint): CheckpointFacts {
  return {
    id,
    parent,
    record: text(record),
    metadata: text(metadata),
    values: Object.fromEntries(values.map(({ channel, ...content }) => [channel, textsOf(content)])),
    writes: writes.map(describeWrite),
  };
}

/** Returns the text of a value, or those of a list, of which the digests have to be what they were put under. */
function textsOf({ value, pieces = [] }: ChannelContent): string | readonly string[] {
  if (value !== undefined) return text(value);
  const texts = pieces.map((piece) => text(piece.value));
  assert.deepEqual(
    pieces.map(({ digest }) => digest),
    piecesOf(texts).map(({ digest }) => digest),
  );
  return texts;
}

/** Returns the pieces of a list, one for each text. */
function piecesOf(texts: readonly string[]): ListPiece[] {
  let digest = '';
  return texts.map((each) => {
    digest = hashKey(`${digest} ${each}`);
    return { digest, value: bytes(each) };
  });
}

function describeWrite({ task, index, value }: CheckpointWrite): string {
  return `${task} ${index} ${text(value)}`;
}

// One byte for each unit, so that no byte is impossible.
function bytes(value: string): Uint8Array {
  return Uint8Array.from(value, (character) => character.charCodeAt(0));
}

function text(value: Uint8Array): string {
  return Array.from(value, (byte) => String.fromCharCode(byte)).join('');
}
