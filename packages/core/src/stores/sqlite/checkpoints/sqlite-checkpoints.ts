import type { Clock } from '../../../clock.ts';
import { wireBytes } from '../../../codec/wire-text.ts';
import { assertNamed } from '../../../store/checkpoint-list.ts';
import type {
  ChannelContent,
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
import type { SqliteDatabase } from '../sqlite-database.ts';
import { textOf } from '../state/key-bounds.ts';
import { blob } from './blob.ts';
import { CheckpointTable, type PlannedChannel } from './checkpoint-table.ts';
import { pruneThread } from './prune-thread.ts';
import { ThreadTable } from './thread-table.ts';

/** Holds the checkpoints of one namespace in a SQLite file. Every method is one transaction. */
export class SqliteCheckpoints implements CheckpointStore {
  readonly #database: SqliteDatabase;
  readonly #table: CheckpointTable;
  readonly #threads: ThreadTable;

  constructor(database: SqliteDatabase, namespace: number, clock: Clock) {
    this.#database = database;
    this.#table = new CheckpointTable(database);
    this.#threads = new ThreadTable(this.#table.statements, namespace, clock);
  }

  put(draft: CheckpointDraft, terms: ThreadTerms = {}): CheckpointPut {
    for (const { list } of draft.channels) if (list !== undefined) assertNamed(list);
    return this.#database.write('keeps', () => {
      const refusal = this.#threads.refusal(draft.thread, terms);
      if (refusal !== undefined) return refusal;
      const { namespace, parent } = draft;
      const known = this.#threads.find(draft.thread);
      const before =
        known === undefined || parent === undefined ? undefined : this.#table.find(known, namespace, parent);
      const inherited = before && this.#table.versions(before.number);
      const channels: PlannedChannel[] = [];
      const missing: string[] = [];
      const replayed: string[] = [];
      for (const { channel, version, value, list, optional = false, ...each } of draft.channels) {
        const found = inherited?.get(channel);
        const isGiven = value !== undefined || list !== undefined;
        const shared = !isGiven && found?.version === version ? found.number : undefined;
        if (list !== undefined && this.#table.lists.find(known, list.after) === undefined) missing.push(channel);
        else if (isGiven || shared !== undefined) channels.push({ channel, version, value, list, shared });
        else if (each.replayed === true) replayed.push(channel);
        else if (!optional) missing.push(channel);
      }
      if (missing.length > 0) return { kind: 'missing', channels: missing };
      const thread = known ?? this.#threads.add(draft.thread);
      this.#table.put(thread, draft, channels, replayed);
      this.#threads.keep(thread, terms);
      return STORED;
    });
  }

  putWrites(
    { thread, namespace, id }: CheckpointPlace,
    writes: readonly CheckpointWrite[],
    terms: ThreadTerms = {},
  ): ThreadChange {
    return this.#database.write('keeps', () => {
      const refusal = this.#threads.refusal(thread, terms);
      if (refusal !== undefined || writes.length === 0) return refusal ?? STORED;
      const { addWrite, setWrite } = this.#table.statements;
      const number = this.#threads.find(thread) ?? this.#threads.add(thread);
      this.#threads.keep(number, terms);
      const place = {
        thread: number,
        graph: wireBytes(namespace),
        id: wireBytes(id),
      };
      for (const { task, index, path, channel, value } of writes) {
        const row = {
          task: wireBytes(task),
          place: index,
          path: wireBytes(path),
          channel: wireBytes(channel),
          value: blob(value),
        };
        (index < 0 ? setWrite : addWrite).run({ ...place, ...row });
      }
      return STORED;
    });
  }

  read({ thread, namespace, id }: CheckpointQuery, terms: ThreadTerms = {}): StoredCheckpoint | undefined {
    const find = (): StoredCheckpoint | undefined => {
      const number = this.#threads.find(thread);
      const row = number === undefined ? undefined : this.#table.find(number, namespace, id);
      if (number === undefined || row === undefined) return undefined;
      this.#threads.keep(number, terms);
      return this.#table.whole(number, thread, row);
    };
    return terms.ttlMs === undefined ? this.#database.snapshot(find) : this.#database.write('keeps', find);
  }

  list(request: CheckpointListRequest): CheckpointPage {
    const { thread, limit } = request;
    return this.#database.snapshot(() => {
      const number = this.#threads.find(thread);
      if (number === undefined) return { checkpoints: [], more: false };
      const rows = this.#table.list(number, request);
      const piecesOf = this.#table.lists.reader();
      const checkpoints = rows.slice(0, limit).map((row) => this.#table.whole(number, thread, row, piecesOf));
      return { checkpoints, more: rows.length > limit };
    });
  }

  history({ thread, namespace, id }: CheckpointQuery, channels: readonly string[]): readonly ChannelHistory[] {
    return this.#database.snapshot(() => {
      const number = this.#threads.find(thread);
      const target = number === undefined ? undefined : this.#table.find(number, namespace, id);
      return channels.map((channel) => {
        const first = target?.parent ?? null;
        return first === null || number === undefined
          ? { channel, seed: undefined, writes: [] }
          : this.#historyOf(number, namespace, textOf(first), channel);
      });
    });
  }

  threads(request: KeyPageRequest): KeyPage {
    return this.#database.read(() => this.#threads.page(request));
  }

  size(thread: string): ThreadSize | undefined {
    return this.#database.snapshot(() => {
      const number = this.#threads.find(thread);
      return number === undefined ? undefined : this.#threads.size(number);
    });
  }

  deleteThread(thread: string, terms: ThreadTerms = {}): ThreadChange {
    return this.#database.write('keeps', () => {
      const refusal = this.#threads.refusal(thread, terms);
      if (refusal === undefined) this.#threads.remove(thread);
      return refusal ?? STORED;
    });
  }

  copyThread(from: string, to: string, terms: ThreadTerms = {}): ThreadChange {
    return this.#database.write('keeps', () => {
      const refusal = this.#threads.refusal(to, terms);
      if (refusal !== undefined || from === to) return refusal ?? STORED;
      this.#threads.remove(to);
      const source = this.#threads.find(from);
      if (source === undefined) return STORED;
      const target = this.#threads.add(to);
      this.#table.copy(source, target);
      this.#threads.keep(target, terms);
      return STORED;
    });
  }

  prune(thread: string, request: PruneRequest): number {
    return this.#database.write('keeps', () => {
      const number = this.#threads.find(thread);
      return number === undefined ? 0 : pruneThread(this.#table, number, request);
    });
  }

  #historyOf(thread: number, namespace: string, parent: string, channel: string): ChannelHistory {
    const graph = wireBytes(namespace);
    const steps: CheckpointWrite[][] = [];
    const seen = new Set<string>();
    let seed: ChannelContent | undefined;
    for (let at: string | undefined = parent; at !== undefined && seed === undefined && !seen.has(at);) {
      seen.add(at);
      steps.push(this.#table.writes(thread, graph, wireBytes(at)).filter((write) => write.channel === channel));
      const ancestor = this.#table.find(thread, namespace, at);
      seed = ancestor && this.#table.content(ancestor.number, channel);
      const next = ancestor?.parent ?? null;
      at = next === null ? undefined : textOf(next);
    }
    return { channel, seed, writes: steps.toReversed().flat() };
  }
}

const STORED: ThreadChange = { kind: 'stored' };
