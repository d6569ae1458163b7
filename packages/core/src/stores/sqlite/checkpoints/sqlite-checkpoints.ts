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
  StoredCheckpoint,
} from '../../../store/checkpoint-store.ts';
import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import { keyPage, textOf, type KeyRow } from '../state/key-bounds.ts';
import { blob } from './blob.ts';
import { CheckpointTable, type PlannedChannel } from './checkpoint-table.ts';

/** Holds the checkpoints of one namespace in a SQLite file. Every method is one transaction. */
export class SqliteCheckpoints implements CheckpointStore {
  readonly #database: SqliteDatabase;
  readonly #namespace: number;
  readonly #table: CheckpointTable;

  constructor(database: SqliteDatabase, namespace: number) {
    this.#database = database;
    this.#namespace = namespace;
    this.#table = new CheckpointTable(database);
  }

  put(draft: CheckpointDraft): CheckpointPut {
    for (const { list } of draft.channels) if (list !== undefined) assertNamed(list);
    return this.#database.write('keeps', () => {
      const { namespace, parent } = draft;
      const known = this.#numberOf(draft.thread);
      const before =
        known === undefined || parent === undefined ? undefined : this.#table.find(known, namespace, parent);
      const inherited = before && this.#table.versions(before.number);
      const channels: PlannedChannel[] = [];
      const missing: string[] = [];
      for (const { channel, version, value, list, optional = false } of draft.channels) {
        const found = inherited?.get(channel);
        const isGiven = value !== undefined || list !== undefined;
        const shared = !isGiven && found?.version === version ? found.number : undefined;
        if (list !== undefined && this.#table.lists.find(known, list.after) === undefined) missing.push(channel);
        else if (isGiven || shared !== undefined) channels.push({ channel, version, value, list, shared });
        else if (!optional) missing.push(channel);
      }
      if (missing.length > 0) return { kind: 'missing', channels: missing };
      this.#table.put(known ?? this.#add(draft.thread), draft, channels);
      return { kind: 'stored' };
    });
  }

  putWrites({ thread, namespace, id }: CheckpointPlace, writes: readonly CheckpointWrite[]): void {
    if (writes.length === 0) return;
    this.#database.write('keeps', () => {
      const { addWrite, setWrite } = this.#table.statements;
      const place = {
        thread: this.#numberOf(thread) ?? this.#add(thread),
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
    });
  }

  read({ thread, namespace, id }: CheckpointQuery): StoredCheckpoint | undefined {
    return this.#database.snapshot(() => {
      const number = this.#numberOf(thread);
      if (number === undefined) return undefined;
      const row = this.#table.find(number, namespace, id);
      return row && this.#table.whole(number, thread, row);
    });
  }

  list(request: CheckpointListRequest): CheckpointPage {
    const { thread, limit } = request;
    return this.#database.snapshot(() => {
      const number = this.#numberOf(thread);
      if (number === undefined) return { checkpoints: [], more: false };
      const rows = this.#table.list(number, request);
      const piecesOf = this.#table.lists.reader();
      const checkpoints = rows.slice(0, limit).map((row) => this.#table.whole(number, thread, row, piecesOf));
      return { checkpoints, more: rows.length > limit };
    });
  }

  history({ thread, namespace, id }: CheckpointQuery, channels: readonly string[]): readonly ChannelHistory[] {
    return this.#database.snapshot(() => {
      const number = this.#numberOf(thread);
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
    const { pageThreads } = this.#table.statements;
    return this.#database.read(() =>
      keyPage(
        request,
        (bounds) => pageThreads.all({ namespace: this.#namespace, ...bounds }) as unknown as readonly KeyRow[],
      ),
    );
  }

  deleteThread(thread: string): void {
    this.#database.write('keeps', () => this.#remove(thread));
  }

  copyThread(from: string, to: string): void {
    if (from === to) return;
    this.#database.write('keeps', () => {
      this.#remove(to);
      const source = this.#numberOf(from);
      if (source !== undefined) this.#table.copy(source, this.#add(to));
    });
  }

  prune(thread: string, keepLast: number): number {
    return this.#database.write('keeps', () => {
      const number = this.#numberOf(thread);
      return number === undefined ? 0 : this.#table.prune(number, keepLast);
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

  #numberOf(thread: string): number | undefined {
    const where = { namespace: this.#namespace, name: wireBytes(thread) };
    return this.#table.statements.findThread.get(where)?.['id'] as number | undefined;
  }

  #add(thread: string): number {
    const where = { namespace: this.#namespace, name: wireBytes(thread) };
    return Number(this.#table.statements.addThread.run(where).lastInsertRowid);
  }

  #remove(thread: string): void {
    this.#table.statements.removeThread.run({ namespace: this.#namespace, name: wireBytes(thread) });
  }
}
