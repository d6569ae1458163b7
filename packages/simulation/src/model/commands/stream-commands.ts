import type { Reply } from '../../resp/reply.ts';
import { CommandError, integer, streamAt, syntaxError, word, type Command, type CommandContext } from '../command.ts';
import { compareStreamIds, StreamLog, type StreamId, type StreamRecord } from '../stream-log.ts';

const INVALID_ID = 'ERR Invalid stream ID specified as stream command argument';
const TOO_SMALL = 'ERR The ID specified in XADD is equal or smaller than the target stream top item';

function parseId(text: string, missing: number): StreamId {
  const [, ms, number] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (ms === undefined) throw new CommandError(INVALID_ID);
  return [Number(ms), number === undefined ? missing : Number(number)];
}

function bound(text: string, missing: number): StreamId {
  if (text === '-') return [0, 0];
  if (text === '+') return [Infinity, Infinity];
  return parseId(text, missing);
}

function listed({ id: [ms, number], fields }: StreamRecord): Reply {
  return [`${ms}-${number}`, fields];
}

function nextId([lastMs, lastNumber]: StreamId, now: number): StreamId {
  return now > lastMs ? [now, 0] : [lastMs, lastNumber + 1];
}

function add(context: CommandContext, words: readonly string[]): Reply {
  let at = 2;
  let longest = Infinity;
  if (words[at]?.toUpperCase() === 'MAXLEN') {
    const isExact = !['~', '='].includes(words[at + 1] ?? '');
    // About so many may stay: the server cuts whole nodes of 100 only, and so nothing from a short stream.
    const isLoose = words[at + 1] === '~';
    at += isExact ? 1 : 2;
    longest = integer(words[at++]);
    if (longest < 0) throw new CommandError('ERR The MAXLEN argument must be >= 0.');
    if (isLoose) longest = Infinity;
  }
  const [idText = '', ...fields] = words.slice(at);
  const given = idText === '*' ? undefined : parseId(idText, 0);
  if (fields.length === 0 || fields.length % 2 !== 0) {
    throw new CommandError("ERR wrong number of arguments for 'xadd' command");
  }
  if (given?.[0] === 0 && given[1] === 0) {
    throw new CommandError('ERR The ID specified in XADD must be greater than 0-0');
  }
  const existing = streamAt(context.keys, word(words, 1));
  const stream = existing ?? new StreamLog();
  const id = given ?? nextId(stream.last, context.now());
  if (compareStreamIds(id, stream.last) <= 0) throw new CommandError(TOO_SMALL);
  stream.records.push({ id, fields });
  stream.last = id;
  if (stream.records.length > longest) stream.records.splice(0, stream.records.length - longest);
  if (existing === undefined) context.keys.set(word(words, 1), stream);
  return `${id[0]}-${id[1]}`;
}

function range(isReversed: boolean): Command {
  return {
    least: 4,
    run({ keys }, words) {
      const [low, high] = isReversed ? [3, 2] : [2, 3];
      const [from, to] = [bound(word(words, low), 0), bound(word(words, high), Infinity)];
      let count = Infinity;
      for (let at = 4; at < words.length; at += 2) {
        if (words[at]?.toUpperCase() !== 'COUNT' || at + 1 === words.length) throw syntaxError();
        count = Math.max(0, integer(words[at + 1]));
      }
      const stream = streamAt(keys, word(words, 1));
      if (stream === undefined) return [];
      if (count === 0) return null;
      const { records } = stream;
      const found = records.filter(({ id }) => compareStreamIds(id, from) >= 0 && !(compareStreamIds(id, to) > 0));
      return (isReversed ? found.toReversed() : found).slice(0, count).map(listed);
    },
  };
}

/** Lists the commands that work on streams. */
export const streamCommands: Readonly<Record<string, Command>> = {
  XADD: { least: 5, writes: true, grows: true, run: add },
  XLEN: { least: 2, most: 2, run: ({ keys }, words) => streamAt(keys, word(words, 1))?.records.length ?? 0 },
  XRANGE: range(false),
  XREVRANGE: range(true),
};
