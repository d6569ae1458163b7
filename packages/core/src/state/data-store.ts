import { parseDuration, type Duration } from '../duration.ts';
import { InvalidArgumentError, StateError } from '../errors.ts';
import { checkArgument, checkCallable, checkCount, checkKnown } from '../option-checks.ts';
import type { AppliedChange, DocumentChange, DocumentStore, StoredDocument } from '../store/document-store.ts';
import type { StateStore } from '../store/state-store.ts';
import type {
  DataChangeOptions,
  DataDeleteOptions,
  DataIncrementOptions,
  PageOptions,
  DataSetManyOptions,
  DataSetOptions,
  DataUpdateOptions,
} from './data-options.ts';
import { factsOf, type DataEntry, type DataFacts } from './data-entry.ts';
import { cursorOf, pageRequest } from './page-request.ts';
import { refusedChange } from './refused-change.ts';
import type { StatePorts } from './state-ports.ts';
import type { TurnQueue } from './turn-queue.ts';
import { contentOf, itemsOf, textOf, valueOfContent } from './value-text.ts';

const SPACE = 'data:';
const PATIENCE_MS = 1_000;
const NAMED_KEYS = 10;

/**
 * Keeps values under keys, in one namespace. Whatever happens at once, in one process or in many, each method is one step.
 *
 * @see docs/data-store.md
 */
export class DataStore {
  readonly namespace: string;
  readonly #ports: StatePorts;
  readonly #turns: TurnQueue;

  constructor(ports: StatePorts, turns: TurnQueue, namespace: string) {
    checkKey(namespace, 'namespace');
    this.namespace = namespace;
    this.#ports = ports;
    this.#turns = turns;
  }

  /** Returns the value, or the fallback if there is none. A value is there whatever it is: `0`, `''`, `null` or `false`. */
  async get<Value = unknown>(key: string): Promise<Value | undefined>;
  async get<Value = unknown>(key: string, fallback: Value): Promise<Value>;
  async get(key: string, fallback?: unknown): Promise<unknown> {
    const [document] = await this.#read([key]);
    return document === undefined ? fallback : valueOfContent(document.content, key);
  }

  /** Returns the values that are there. */
  async getMany<Value = unknown>(keys: readonly string[]): Promise<Map<string, Value>> {
    checkArgument(Array.isArray(keys), 'keys', keys, 'an array of keys');
    const documents = await this.#read(keys);
    return new Map(
      keys.flatMap((key, index) => {
        const document = documents[index];
        return document === undefined ? [] : [[key, valueOfContent(document.content, key) as Value]];
      }),
    );
  }

  /** Returns a value with its version, metadata and times. */
  async entry<Value = unknown>(key: string): Promise<DataEntry<Value> | undefined> {
    const [document] = await this.#read([key]);
    return document && { ...factsOf(document, key), value: valueOfContent(document.content, key) as Value };
  }

  /** Returns what is known about a value, without the value. */
  async metadata(key: string): Promise<DataFacts | undefined> {
    const [document] = await this.#read([key]);
    return document && factsOf(document, key);
  }

  async has(key: string): Promise<boolean> {
    const [document] = await this.#read([key]);
    return document !== undefined;
  }

  /**
   * Replaces the value under a key, with its metadata and its time, and returns its version.
   *
   * @throws StateError `version_conflict` when `ifVersion` or `ifAbsent` does not hold
   */
  async set(key: string, value: unknown, options: DataSetOptions = {}): Promise<number> {
    checkKnown(options, ['metadata', 'ttl', 'ifVersion', 'ifAbsent', 'fence', 'operationId']);
    const { ifVersion, ifAbsent = false } = options;
    checkArgument(typeof ifAbsent === 'boolean', 'ifAbsent', ifAbsent, 'true or false');
    const expectedVersion = ifAbsent ? 0 : checkVersion(ifVersion);
    const change = { ...this.#setChange(key, value, options), expectedVersion };
    return (await this.#change(change, options)).version;
  }

  /** Sets all of these values or, if one cannot be set, none. */
  async setMany(
    values: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
    options: DataSetManyOptions = {},
  ): Promise<void> {
    checkKnown(options, ['metadata', 'ttl', 'fence', 'operationId']);
    checkArgument(typeof values === 'object' && values !== null, 'values', values, 'an object or a Map');
    const entries = values instanceof Map ? [...values] : Object.entries(values);
    await this.#apply(
      entries.map(([key, value]: [string, unknown]) => this.#setChange(key, value, options)),
      options,
    );
  }

  /** Deletes a value, and tells whether it was there. */
  async delete(key: string, options: DataDeleteOptions = {}): Promise<boolean> {
    checkKnown(options, ['ifVersion', 'fence', 'operationId']);
    const expectedVersion = checkVersion(options.ifVersion);
    return (await this.#change({ kind: 'delete', key, expectedVersion }, options)).existed;
  }

  /** Adds to a number, which begins at 0, and returns the sum. */
  async increment(key: string, by = 1, options: DataIncrementOptions = {}): Promise<number> {
    checkKnown(options, ['ttl', 'fence', 'operationId']);
    checkArgument(Number.isFinite(by), 'by', by, 'a finite number');
    return (await this.#change({ kind: 'increment', key, by, ttlMs: ttlOf(options.ttl) }, options)).amount;
  }

  /** Adds items at the end of a list, which begins empty, and returns its length. */
  async append(key: string, ...items: readonly unknown[]): Promise<number> {
    const texts = itemsOf(items, this.#ports.rules, key);
    const change = { kind: 'append', key, items: texts, maxBytes: this.#ports.rules.maxBytes } as const;
    try {
      return (await this.#change(change, {})).amount;
    } catch (error) {
      if (!StateError.isInstance(error) || error.code !== 'wrong_type') throw error;
      return this.#appendToValue(key, items, error);
    }
  }

  /**
   * Replaces a value by what a function makes of it, and returns that. The function is called again when somebody else has
   * changed the value meanwhile, so it should do nothing else. Metadata and time of the value stay.
   *
   * @throws StateError `version_conflict` when others were faster each time
   */
  async update<Value = unknown>(
    key: string,
    change: (value: Value | undefined) => Value | Promise<Value>,
    options: DataUpdateOptions = {},
  ): Promise<Value> {
    checkKey(key);
    checkCallable(change, 'change');
    checkKnown(options, ['fence', 'ttl', 'attempts']);
    const attempts = checkCount(options.attempts ?? 32, 'attempts', 1);
    // In this process they wait for each other, so that only other processes come between; but not for ever, or a function
    // that updates the same key would wait for itself.
    const patience = (goOn: () => void): (() => void) => this.#ports.clock.after(PATIENCE_MS, goOn, true);
    const attempt = async (): Promise<Value> => {
      for (let turn = 1; ; turn += 1) {
        const [document] = await this.#read([key]);
        const found = document && (valueOfContent(document.content, key) as Value);
        const value = await change(found);
        if (value === undefined)
          throw new InvalidArgumentError('change', change, 'a function that returns the new value');
        const set = this.#setChange(key, value, options);
        try {
          await this.#change({ ...set, keep: true, expectedVersion: document?.version ?? 0 }, options);
          return value;
        } catch (error) {
          if (!StateError.isInstance(error) || error.code !== 'version_conflict' || turn >= attempts) throw error;
        }
      }
    };
    return this.#turns.run(`${this.namespace}\n${key}`, attempt, patience);
  }

  /** Returns a page of keys, sorted. */
  async keys(
    options: PageOptions = {},
  ): Promise<{ readonly keys: readonly string[]; readonly cursor: string | undefined }> {
    const request = pageRequest(options);
    const page = await this.#ports.read(this.namespace, (state) => this.#documents(state).keys(request));
    return { keys: page.keys, cursor: cursorOf(page) };
  }

  /** Returns a page of keys and values, sorted by key. What goes while the page is read is left out. */
  async entries<Value = unknown>(
    options: PageOptions = {},
  ): Promise<{ readonly entries: ReadonlyMap<string, Value>; readonly cursor: string | undefined }> {
    const { keys, cursor } = await this.keys(options);
    return { entries: await this.getMany<Value>(keys), cursor };
  }

  /** Deletes every value of the namespace, and returns how many there were. */
  async clear(): Promise<number> {
    return this.#ports.change(this.namespace, (state, id) => this.#documents(state).clear(id));
  }

  /** Opens another namespace. */
  use(namespace: string): DataStore {
    return new DataStore(this.#ports, this.#turns, namespace);
  }

  /** Returns a page of the namespaces that hold a value, sorted. */
  async namespaces(
    options: PageOptions = {},
  ): Promise<{ readonly namespaces: readonly string[]; readonly cursor: string | undefined }> {
    const { prefix, after, limit } = pageRequest(options);
    const request = { prefix: SPACE + prefix, after: after === undefined ? undefined : SPACE + after, limit };
    const page = await this.#ports.read('namespaces', (state) => state.spaces(request));
    const namespaces = page.keys.map((space) => space.slice(SPACE.length));
    return { namespaces, cursor: page.more ? namespaces.at(-1) : undefined };
  }

  /** Appends to an array that is no list to the store, because its items share objects or have gaps. */
  async #appendToValue(key: string, items: readonly unknown[], refused: StateError): Promise<number> {
    const list = await this.update<unknown[]>(key, (value = []) => {
      if (!Array.isArray(value)) throw refused;
      return [...value, ...items];
    });
    return list.length;
  }

  #setChange(
    key: string,
    value: unknown,
    { metadata, ttl }: Pick<DataSetManyOptions, 'metadata' | 'ttl'>,
  ): Extract<DocumentChange, { kind: 'set' }> {
    const { rules } = this.#ports;
    return {
      kind: 'set',
      key,
      content: contentOf(value, rules, key),
      metadata: metadata === undefined ? undefined : textOf(metadata, rules, `the metadata of ${key}`),
      ttlMs: ttlOf(ttl),
    };
  }

  async #read(keys: readonly string[]): Promise<readonly (StoredDocument | undefined)[]> {
    for (const key of keys) checkKey(key);
    return this.#ports.read(listed(keys), (state) => this.#documents(state).read(keys));
  }

  async #change(change: DocumentChange, options: DataChangeOptions): Promise<AppliedChange> {
    return (await this.#apply([change], options))[0] as AppliedChange;
  }

  async #apply(changes: readonly DocumentChange[], options: DataChangeOptions): Promise<readonly AppliedChange[]> {
    const { fence, operationId } = options;
    for (const { key } of changes) checkKey(key);
    checkArgument(
      fence === undefined || (Number.isSafeInteger(fence) && fence > 0),
      'fence',
      fence,
      'the fence of a lock',
    );
    if (operationId !== undefined) checkKey(operationId, 'operationId');
    if (changes.length === 0) return [];
    const subject = listed(changes.map(({ key }) => key));
    const fenced = changes.map((change) => ({ ...change, fence }));
    const result = await this.#ports.change(
      subject,
      (state, id) => this.#documents(state).apply(id, fenced),
      operationId,
    );
    if (result.kind === 'refused') throw refusedChange(result);
    return result.changes;
  }

  #documents(state: StateStore): DocumentStore {
    return state.documents(SPACE + this.namespace);
  }
}

/** Names keys to people; of many, the first ones. */
function listed(keys: readonly string[]): string {
  const rest = keys.length - NAMED_KEYS;
  return keys.slice(0, NAMED_KEYS).join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}

function checkKey(key: string, argument = 'key'): void {
  checkArgument(typeof key === 'string' && key !== '', argument, key, 'a text that is not empty');
}

function checkVersion(version: number | undefined): number | undefined {
  const isAllowed = version === undefined || (Number.isSafeInteger(version) && version >= 0);
  checkArgument(isAllowed, 'ifVersion', version, 'a version, or 0 for a value that is not there');
  return version;
}

function ttlOf(ttl: Duration | undefined): number | undefined {
  return ttl === undefined ? undefined : parseDuration(ttl, 'ttl');
}
