import { inspectValue } from '../codec/value-inspection.ts';
import { parseDuration, type Duration } from '../duration.ts';
import { StateError } from '../errors.ts';
import { checkArgument, checkCount, checkKnown, checkSignal } from '../option-checks.ts';
import type { LogBounds, LogDraft, LogEntry, LogPage, LogReadRequest, LogStore } from '../store/log-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { redactCredentials } from './credential-scan.ts';
import type { LogAppendOptions, LogFollowOptions, LogOptions, LogReadOptions, LogTrimOptions } from './log-options.ts';
import type { StatePorts } from './state-ports.ts';
import { textOf, valueOf } from './value-text.ts';

const FOLLOW_BATCH = 100;

/** Is an entry of an event log. */
export interface LogEvent<Data = unknown> {
  /** Is 1 for the first entry of the log, and one more for each that follows. */
  readonly id: number;
  /** Is when the store has taken it; it never goes back within a log. */
  readonly at: Date;
  readonly type: string;
  readonly data: Data;
}

/** Says which log it is, and what it is for. */
export interface LogPlace {
  /** Names the log to people. */
  readonly name: string;
  readonly portOf: (state: StateStore) => LogStore;
  /** Tells whether credentials are taken out; otherwise they are refused or allowed as in any value. */
  readonly redacts: boolean;
}

/**
 * Keeps what has happened, in order. Credentials in the data are replaced by `[redacted]`.
 *
 * @see docs/event-log.md
 */
export class EventLog {
  readonly name: string;
  readonly #ports: StatePorts;
  readonly #portOf: (state: StateStore) => LogStore;
  readonly #redacts: boolean;
  readonly #bounds: LogBounds;

  constructor(ports: StatePorts, { name, portOf, redacts }: LogPlace, options: LogOptions) {
    this.name = name;
    this.#ports = ports;
    this.#portOf = portOf;
    this.#redacts = redacts;
    this.#bounds = boundsOf(options);
  }

  /** Appends an entry, and returns its id. */
  async append(type: string, data?: unknown, options: LogAppendOptions = {}): Promise<number> {
    checkKnown(options, ['operationId']);
    return (await this.appendMany([{ type, data }], options)).at(-1) as number;
  }

  /** Appends entries one after the other, with nothing between them, and returns their ids. */
  async appendMany(
    events: readonly { readonly type: string; readonly data?: unknown }[],
    options: LogAppendOptions = {},
  ): Promise<readonly number[]> {
    checkKnown(options, ['operationId']);
    checkArgument(Array.isArray(events), 'events', events, 'an array of events');
    const drafts = events.map(({ type, data }) =>
      this.#redacts
        ? logDraft(this.#ports, type, data)
        : { type, text: textOf(data, this.#ports.rules, `an event of type ${type}`) },
    );
    if (drafts.length === 0) return [];
    const { firstId } = await this.#ports.change(
      `log ${this.name}`,
      (state, id) => this.#portOf(state).append(id, drafts, this.#bounds),
      options.operationId,
    );
    return drafts.map((_, index) => firstId + index);
  }

  /** Returns a range of entries. */
  async read<Data = unknown>(options: LogReadOptions = {}): Promise<readonly LogEvent<Data>[]> {
    checkKnown(options, ['after', 'before', 'limit', 'reverse']);
    const { after = 0, before, limit = 100, reverse = false } = options;
    checkId(after, 'after');
    if (before !== undefined) checkId(before, 'before');
    checkArgument(typeof reverse === 'boolean', 'reverse', reverse, 'true or false');
    const { entries } = await this.#read({ after, before, reverse, limit: boundedCount(limit, 'limit', 1) });
    return entries.map((entry) => this.#event(entry));
  }

  /** Tells how far the log reaches: how many entries there are, and the ids of the first and the last one. */
  async size(): Promise<{ readonly count: number; readonly firstId: number; readonly lastId: number }> {
    const { firstId, lastId } = await this.#read({ limit: 0 });
    return { count: lastId - firstId + 1, firstId, lastId };
  }

  /**
   * Returns entries as they come, without end, each of them once. Whoever goes on later passes the id of the last one.
   *
   * @throws StateError `log_trimmed` when entries after the last one are gone, or the log has begun anew
   */
  async *follow<Data = unknown>(options: LogFollowOptions = {}): AsyncGenerator<LogEvent<Data>, void, undefined> {
    checkKnown(options, ['after', 'signal']);
    const { after = 0, signal = new AbortController().signal } = options;
    checkSignal(signal);
    if (after !== 'now') checkId(after, 'after');
    let last = after === 'now' ? (await this.size()).lastId : after;
    while (!signal.aborted) {
      const page = await this.#read({ after: last, limit: FOLLOW_BATCH });
      this.#checkContinuity(page, last);
      for (const entry of page.entries) {
        if (signal.aborted) return;
        last = entry.id;
        yield this.#event(entry);
      }
      if (page.entries.length > 0) continue;
      await this.#ports.read(`log ${this.name}`, (state) => this.#portOf(state).wait(last, signal));
    }
  }

  /** Removes entries from the front, and returns how many. */
  async trim(options: LogTrimOptions): Promise<number> {
    checkKnown(options, ['maxLength', 'maxAge']);
    const { maxLength, maxAge } = options;
    checkArgument(maxLength !== undefined || maxAge !== undefined, 'options', options, 'maxLength, maxAge or both');
    const cut = {
      maxLength: maxLength === undefined ? undefined : boundedCount(maxLength, 'maxLength', 0),
      maxAgeMs: optionalDuration(maxAge, 'maxAge'),
    };
    return this.#ports.change(`log ${this.name}`, (state, id) => this.#portOf(state).trim(id, cut));
  }

  /** Removes the log, and tells whether it was there. */
  async delete(): Promise<boolean> {
    return this.#ports.change(`log ${this.name}`, (state, id) => this.#portOf(state).delete(id));
  }

  async #read(request: LogReadRequest): Promise<LogPage> {
    return this.#ports.read(`log ${this.name}`, (state) => this.#portOf(state).read(request));
  }

  #event<Data>({ id, at, type, text }: LogEntry): LogEvent<Data> {
    return { id, at: new Date(at), type, data: valueOf(text, `log ${this.name}, entry ${id}`) as Data };
  }

  #checkContinuity({ firstId, lastId }: LogPage, last: number): void {
    // Whoever has seen nothing misses nothing that was there before.
    if (last === 0 || (last <= lastId && firstId <= last + 1)) return;
    const message =
      last > lastId
        ? `The log ${JSON.stringify(this.name)} has begun anew: it has no entry ${last}.`
        : `The log ${JSON.stringify(this.name)} was trimmed: the entries ${last + 1} to ${firstId - 1} are gone.`;
    throw new StateError('log_trimmed', message, { subject: this.name });
  }
}

/** Makes an entry of an event, without the credentials in it. Throws as `textOf` does. */
export function logDraft({ rules }: StatePorts, type: string, data: unknown): LogDraft {
  checkArgument(typeof type === 'string' && type !== '', 'type', type, 'a text that is not empty');
  // First, because it runs no code of the value: no getter is called to look for credentials behind it.
  inspectValue(data);
  const text = textOf(redactCredentials(data), { ...rules, credentials: 'allow' }, `an event of type ${type}`);
  return { type: redactCredentials(type), text };
}

function boundsOf(options: LogOptions): LogBounds {
  checkKnown(options, ['maxLength', 'maxAge', 'ttl']);
  return {
    maxLength: boundedCount(options.maxLength ?? 10_000, 'maxLength', 1),
    maxAgeMs: optionalDuration(options.maxAge, 'maxAge'),
    ttlMs: optionalDuration(options.ttl, 'ttl'),
  };
}

/** Returns a count that every store can take: one of `Infinity` is as large as numbers are whole. */
function boundedCount(count: number, option: string, least: number): number {
  return Math.min(checkCount(count, option, least), Number.MAX_SAFE_INTEGER);
}

function optionalDuration(duration: Duration | undefined, option: string): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration, option);
}

function checkId(id: number, argument: string): void {
  checkArgument(Number.isSafeInteger(id) && id >= 0, argument, id, 'the id of an entry, or 0');
}
