import { ErrorReply, type Reply } from '../resp/reply.ts';
import type { Keyspace, Value } from './keyspace.ts';
import { SortedSet } from './sorted-set.ts';
import { StreamLog } from './stream-log.ts';

/** Is what a command of data may touch. */
export interface CommandContext {
  readonly keys: Keyspace;
  /** Returns the time of the server in milliseconds since the epoch. */
  readonly now: () => number;
  /** Hands a message to those who listen, and counts them. */
  publish(channel: string, message: string): number;
  /** Returns what INFO says. */
  info(sections: readonly string[]): string;
}

/** Describes a command of data. */
export interface Command {
  /** Is the fewest words it takes, its name included. */
  readonly least: number;
  /** Is the most words it takes. Default: no limit. */
  readonly most?: number;
  /** Says that it changes data: a replica refuses it. */
  readonly writes?: boolean;
  /** Says that it may need memory: a full server refuses it. */
  readonly grows?: boolean;
  /** Says that replicas may have to hear of it: scripts that promise to write nothing may not call it. */
  readonly spreads?: boolean;
  readonly run: (context: CommandContext, words: readonly string[]) => Reply;
}

/** Is thrown by a command that answers with an error. */
export class CommandError extends Error {
  readonly reply: ErrorReply;

  constructor(message: string) {
    super(message);
    this.reply = new ErrorReply(message);
  }
}

const NOT_AN_INTEGER = 'ERR value is not an integer or out of range';

/** Reads a whole number. */
export function integer(text: string | undefined, message: string = NOT_AN_INTEGER): number {
  const value = /^(?:0|-?[1-9]\d{0,17})$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new CommandError(message);
  return value;
}

/** Returns the word at a position; too few words are a mistake of syntax. */
export function word(words: readonly string[], position: number): string {
  const text = words[position];
  if (text === undefined) throw syntaxError();
  return text;
}

/** Is the error for words that make no sense together. */
export function syntaxError(): CommandError {
  return new CommandError('ERR syntax error');
}

/** Returns the text of a key; undefined where there is none. */
export function textAt(keys: Keyspace, name: string): string | undefined {
  return typed(keys.get(name), (value) => typeof value === 'string');
}

/** Returns the hash of a key; undefined where there is none. */
export function hashAt(keys: Keyspace, name: string): Map<string, string> | undefined {
  return typed(keys.get(name), (value) => value instanceof Map);
}

/** Returns the list of a key; undefined where there is none. */
export function listAt(keys: Keyspace, name: string): string[] | undefined {
  return typed(keys.get(name), (value) => Array.isArray(value));
}

/** Returns the sorted set of a key; undefined where there is none. */
export function sortedSetAt(keys: Keyspace, name: string): SortedSet | undefined {
  return typed(keys.get(name), (value) => value instanceof SortedSet);
}

/** Returns the stream of a key; undefined where there is none. */
export function streamAt(keys: Keyspace, name: string): StreamLog | undefined {
  return typed(keys.get(name), (value) => value instanceof StreamLog);
}

function typed<Type extends Value>(value: Value | undefined, is: (value: Value) => value is Type): Type | undefined {
  if (value === undefined || is(value)) return value;
  throw new CommandError('WRONGTYPE Operation against a key holding the wrong kind of value');
}
