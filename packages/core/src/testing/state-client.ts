import assert from 'node:assert/strict';

import { nextId } from '../id.ts';
import type {
  AppliedChange,
  ApplyResult,
  DocumentChange,
  DocumentStore,
  RefusalReason,
  SetChange,
  StoredDocument,
} from '../store/document-store.ts';
import type { KeyPage, KeyPageRequest } from '../store/key-page.ts';
import type { LockHolder, LockResult, LockStore } from '../store/lock-store.ts';
import type { AppendedEntries, LogBounds, LogCut, LogPage, LogReadRequest, LogStore } from '../store/log-store.ts';
import type {
  RunListRequest,
  RunOpened,
  RunOpening,
  RunRecord,
  RunRecorded,
  RunStore,
  StoredRun,
} from '../store/run-store.ts';
import type { StateStore } from '../store/state-store.ts';

const EVERYTHING: KeyPageRequest = { prefix: '', after: undefined, limit: 1_000 };
const MAX_BYTES = 1_000_000;

/** Speaks to one client's durable state in the words of the cases; every answer is awaited, every change has an id of its own. */
export class StateClient {
  readonly store: StateStore;

  constructor(store: StateStore) {
    this.store = store;
  }

  documents(space = 'space'): DocumentClient {
    return new DocumentClient(this.store.documents(space));
  }

  async spaces(request: Partial<KeyPageRequest> = {}): Promise<KeyPage> {
    return this.store.spaces({ ...EVERYTHING, ...request });
  }

  log(name = 'log'): LogClient {
    return new LogClient(this.store.log(name));
  }

  get locks(): LockClient {
    return new LockClient(this.store.locks);
  }

  get runs(): RunClient {
    return new RunClient(this.store.runs);
  }
}

/** Speaks to the documents of one space. */
export class DocumentClient {
  readonly store: DocumentStore;

  constructor(store: DocumentStore) {
    this.store = store;
  }

  async read(...keys: readonly string[]): Promise<readonly (StoredDocument | undefined)[]> {
    return this.store.read(keys);
  }

  /** Returns what a document holds: the text, the number or the items. */
  async get(key: string): Promise<string | number | readonly string[] | undefined> {
    const [document] = await this.read(key);
    if (document === undefined) return undefined;
    const { content } = document;
    if (content.form === 'value') return content.text;
    return content.form === 'number' ? content.number : content.items;
  }

  async apply(...changes: readonly DocumentChange[]): Promise<ApplyResult> {
    return this.store.apply(nextId(), changes);
  }

  /** Carries out one change, which must not be refused. */
  async change(change: DocumentChange): Promise<AppliedChange> {
    const result = await this.apply(change);
    if (result.kind !== 'applied') assert.fail(`refused: ${result.reason}`);
    return result.changes[0] as AppliedChange;
  }

  async set(key: string, text: string, more: Partial<SetChange> = {}): Promise<number> {
    return (await this.change({ kind: 'set', key, content: { form: 'value', text }, ...more })).version;
  }

  async increment(key: string, by = 1, ttlMs?: number): Promise<number> {
    return (await this.change({ kind: 'increment', key, by, ttlMs })).amount;
  }

  async append(key: string, items: readonly string[], ttlMs?: number): Promise<number> {
    return (await this.change({ kind: 'append', key, items, maxBytes: MAX_BYTES, ttlMs })).amount;
  }

  async delete(key: string, fence?: number): Promise<boolean> {
    return (await this.change({ kind: 'delete', key, fence })).existed;
  }

  async keys(request: Partial<KeyPageRequest> = {}): Promise<KeyPage> {
    return this.store.keys({ ...EVERYTHING, ...request });
  }

  /** Asserts that a change is refused for this reason. */
  async assertRefused(reason: RefusalReason, ...changes: readonly DocumentChange[]): Promise<void> {
    const result = await this.apply(...changes);
    assert.equal(result.kind === 'refused' ? result.reason : result.kind, reason);
  }
}

/** Speaks to one log. */
export class LogClient {
  readonly store: LogStore;

  constructor(store: LogStore) {
    this.store = store;
  }

  async append(texts: readonly string[], bounds: Partial<LogBounds> = {}): Promise<AppendedEntries> {
    const drafts = texts.map((text) => ({ type: 'note', text }));
    return this.store.append(nextId(), drafts, { maxLength: 10_000, ...bounds });
  }

  async read(request: Partial<LogReadRequest> = {}): Promise<LogPage> {
    return this.store.read({ limit: 1_000, ...request });
  }

  async texts(request: Partial<LogReadRequest> = {}): Promise<readonly string[]> {
    return (await this.read(request)).entries.map(({ text }) => text);
  }

  async trim(cut: LogCut): Promise<number> {
    return this.store.trim(nextId(), cut);
  }
}

/** Speaks to the locks. */
export class LockClient {
  readonly store: LockStore;

  constructor(store: LockStore) {
    this.store = store;
  }

  async request(name: string, token: string, ttlMs = 1_000, owner: string = token): Promise<LockResult> {
    return this.store.acquire({ name, owner, token, ttlMs });
  }

  /** Takes a lock that is free, and returns its fence. */
  async take(name: string, token: string, ttlMs?: number, owner?: string): Promise<number> {
    const result = await this.request(name, token, ttlMs, owner);
    return result.kind === 'acquired' ? result.fence : assert.fail(`not taken: ${JSON.stringify(result)}`);
  }

  async assertHeld(name: string, token = 'somebody else'): Promise<void> {
    assert.equal((await this.request(name, token)).kind, 'held');
  }

  async extend(name: string, token: string, ttlMs = 1_000): Promise<boolean> {
    return this.store.extend(name, token, ttlMs);
  }

  async release(name: string, token: string): Promise<boolean> {
    return this.store.release(name, token);
  }

  async inspect(name: string): Promise<LockHolder | undefined> {
    return this.store.inspect(name);
  }
}

/** Speaks to the runs. */
export class RunClient {
  readonly store: RunStore;

  constructor(store: RunStore) {
    this.store = store;
  }

  async tryOpen(id: string, fence: number, ttlMs = 60_000, more: Partial<RunOpening> = {}): Promise<RunOpened> {
    return this.store.open(nextId(), openingOf({ id, fence, ttlMs, ...more }));
  }

  async open(id: string, fence = 1, ttlMs?: number): Promise<StoredRun> {
    const opened = await this.tryOpen(id, fence, ttlMs);
    return opened.kind === 'opened' ? opened.run : assert.fail(`not opened: ${JSON.stringify(opened)}`);
  }

  async record(run: StoredRun, id: string, record: Partial<RunRecord>): Promise<RunRecorded> {
    return this.store.record(nextId(), recordOf(run, id, record));
  }

  async read(id: string): Promise<StoredRun | undefined> {
    return this.store.read(id);
  }

  async list(request: Partial<RunListRequest> = {}): Promise<KeyPage> {
    return this.store.list({ ...EVERYTHING, ...request });
  }

  log(id: string): LogClient {
    return new LogClient(this.store.log(id));
  }
}

/** Returns an opening with what a case does not care about. */
export function openingOf(opening: Partial<RunOpening> & { readonly id: string }): RunOpening {
  const incarnation = nextId();
  return { fence: 1, incarnation, ttlMs: 60_000, createdEvents: [], resumedEvents: [], maxEvents: 1_000, ...opening };
}

/** Returns a record with what a case does not care about. */
export function recordOf({ incarnation }: StoredRun, id: string, record: Partial<RunRecord>): RunRecord {
  return { id, incarnation, fence: 1, events: [], maxEvents: 1_000, ttlMs: 60_000, ...record };
}
