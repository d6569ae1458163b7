import { createHash } from 'node:crypto';

import { ErrorReply, Status, type Reply } from '../resp/reply.ts';
import { BEGINNING } from '../time/virtual-time.ts';

interface CommandRecord {
  readonly at: number;
  readonly who: string;
  readonly words: readonly string[];
  readonly reply: Reply;
}

interface NoteRecord {
  readonly at: number;
  readonly text: string;
}

/** Is how many records a trace keeps; all of them count for its digest. */
const KEPT = 60_000;
/** Is how much of one word of a command is shown. */
const SHOWN = 60;

/** Takes down what happens, in order: as a digest, which is the same for the same seed, and as text for people. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #records: (CommandRecord | NoteRecord)[] = [];
  #count = 0;

  /** Takes down a command and what it was answered. */
  command(at: number, who: string, words: readonly string[], reply: Reply): void {
    this.#hash.update(`${at}|${who}|${words[0]}|${words[3] ?? words[1]}|${lengthOf(words)}|${kindOf(reply)}\n`);
    this.#keep({ at, who, words, reply });
  }

  /** Takes down anything else. */
  note(at: number, text: string): void {
    this.#hash.update(`${at}|${text}\n`);
    this.#keep({ at, text });
  }

  /** Ends the trace, and returns its digest. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  /**
   * Writes the records of a span of time, one a line.
   *
   * @param from and `to` are counted in milliseconds since the beginning
   */
  lines(from = 0, to = Infinity): string[] {
    const inSpan = ({ at }: { readonly at: number }): boolean => at - BEGINNING >= from && at - BEGINNING <= to;
    return this.#inOrder().filter(inSpan).map(lineOf);
  }

  #keep(record: CommandRecord | NoteRecord): void {
    this.#records[this.#count % KEPT] = record;
    this.#count += 1;
  }

  #inOrder(): (CommandRecord | NoteRecord)[] {
    if (this.#count <= KEPT) return this.#records;
    const oldest = this.#count % KEPT;
    return [...this.#records.slice(oldest), ...this.#records.slice(0, oldest)];
  }
}

function lengthOf(words: readonly string[]): number {
  let length = 0;
  for (const word of words) length += word.length;
  return length;
}

function kindOf(reply: Reply): string {
  if (typeof reply === 'string') return `$${reply.length}`;
  if (typeof reply === 'number') return `:${reply}`;
  if (reply instanceof ErrorReply) return reply.message;
  return reply === null || reply instanceof Status ? '-' : `*${reply.length}`;
}

function lineOf(record: CommandRecord | NoteRecord): string {
  const at = `${(record.at - BEGINNING).toFixed(1).padStart(9)} ms  `;
  if ('text' in record) return at + record.text;
  const words = record.words.map((word, index) => (index === 1 && word.length === 40 ? word.slice(0, 8) : show(word)));
  return `${at}${record.who}: ${words.join(' ')} -> ${showReply(record.reply)}`;
}

function show(word: string): string {
  const text = word.length > SHOWN ? `${word.slice(0, SHOWN)}…` : word;
  return /^[\w:.{}/=*-]+$/.test(text) ? text : JSON.stringify(text);
}

function showReply(reply: Reply): string {
  if (typeof reply === 'string') return show(reply);
  if (reply instanceof ErrorReply) return `error ${reply.message}`;
  if (reply instanceof Status) return reply.text;
  if (reply === null || typeof reply === 'number') return `${reply}`;
  return `[${reply.map(showReply).join(', ')}]`;
}
