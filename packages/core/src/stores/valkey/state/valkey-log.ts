import { fromWire, toWire } from '../../../codec/wire-text.ts';
import type {
  AppendedEntries,
  LogBounds,
  LogCut,
  LogDraft,
  LogEntry,
  LogPage,
  LogReadRequest,
  LogStore,
} from '../../../store/log-store.ts';
import type { Argument } from '../valkey-connection.ts';
import { logAppendScript } from './lua/log-append.generated.ts';
import { logReadScript } from './lua/log-read.generated.ts';
import { logTrimScript } from './lua/log-trim.generated.ts';
import type { StateCommands } from './state-commands.ts';
import type { LogKeys } from './state-keys.ts';
import type { WakeUps } from './wake-ups.ts';

/** Is one log on Valkey, as a stream whose ids are 1, 2, 3 and so on. */
export class ValkeyLog implements LogStore {
  readonly #commands: StateCommands;
  readonly #keys: LogKeys;
  readonly #wakeUps: WakeUps;
  readonly #channel: string;

  constructor(commands: StateCommands, keys: LogKeys, wakeUps: WakeUps, channel: string) {
    this.#commands = commands;
    this.#keys = keys;
    this.#wakeUps = wakeUps;
    this.#channel = channel;
  }

  async append(operation: string, entries: readonly LogDraft[], bounds: LogBounds): Promise<AppendedEntries> {
    const keys = [this.#keys.log, this.#keys.operation(operation)];
    const { maxLength, maxAgeMs, ttlMs } = bounds;
    const args = [lengthText(maxLength), maxAgeMs ?? '', ttlMs === undefined ? '' : Math.ceil(ttlMs), this.#channel];
    const reply = await this.#commands.run(logAppendScript, keys, [...args, ...draftArguments(entries)]);
    const [firstId, lastId] = String(reply).split(' ').map(Number) as [number, number];
    return { firstId, lastId };
  }

  async read({ after = 0, before, limit, reverse = false }: LogReadRequest): Promise<LogPage> {
    const count = Math.min(limit, Number.MAX_SAFE_INTEGER);
    const args = [after, before === undefined || before === Infinity ? '' : before, count, reverse ? '1' : ''];
    const reply = await this.#commands.run(logReadScript, [this.#keys.log], args);
    const [firstId, lastId, found] = reply as readonly [number, number, readonly StreamEntry[]];
    return { entries: found.map(readEntry), firstId, lastId };
  }

  wait(after: number, signal: AbortSignal): Promise<void> {
    return this.#wakeUps.until(this.#keys.log, signal, async () => (await this.read({ limit: 0 })).lastId !== after);
  }

  async trim(operation: string, { maxLength, maxAgeMs }: LogCut): Promise<number> {
    const keys = [this.#keys.log, this.#keys.operation(operation)];
    const length = maxLength === undefined ? '' : lengthText(maxLength);
    return Number(await this.#commands.run(logTrimScript, keys, ['trim', length, maxAgeMs ?? '']));
  }

  async touch(ttlMs: number): Promise<void> {
    await this.#commands.expire(this.#keys.log, Math.ceil(ttlMs));
  }

  async delete(operation: string): Promise<boolean> {
    const keys = [this.#keys.log, this.#keys.operation(operation)];
    return Number(await this.#commands.run(logTrimScript, keys, ['delete', '', ''])) === 1;
  }
}

/** Returns what describes entries to a script: type and text in turn. */
export function draftArguments(entries: readonly LogDraft[]): Argument[] {
  return entries.flatMap(({ type, text }) => [toWire(type), toWire(text)]);
}

type StreamEntry = readonly [id: Buffer, fields: readonly Buffer[]];

function readEntry([id, fields]: StreamEntry): LogEntry {
  const [, at, , type, , text] = fields as readonly [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
  return { id: parseInt(String(id), 10), at: Number(String(at)), type: fromWire(type), text: fromWire(text) };
}

function lengthText(length: number): string {
  return length === Infinity ? '' : String(length);
}
