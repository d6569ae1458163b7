import { OK, type Reply } from '../../resp/reply.ts';
import { CommandError, integer, syntaxError, textAt, word, type Command, type CommandContext } from '../command.ts';

interface SetOptions {
  condition?: string;
  /** Is the option that says how long the key stays. */
  time?: string;
  amount?: string;
  returnsOld?: boolean;
}

function setOptions(words: readonly string[]): SetOptions {
  const options: SetOptions = {};
  for (let at = 3; at < words.length; at += 1) {
    const option = word(words, at).toUpperCase();
    const isNext = (given: string | undefined): boolean => given === undefined || given === option;
    if (['NX', 'XX'].includes(option) && isNext(options.condition)) options.condition = option;
    else if (option === 'GET') options.returnsOld = true;
    else if (option === 'KEEPTTL' && isNext(options.time)) options.time = option;
    else if (['PX', 'EX', 'PXAT'].includes(option) && isNext(options.time) && at + 1 < words.length) {
      options.time = option;
      options.amount = word(words, (at += 1));
    } else throw syntaxError();
  }
  return options;
}

function expiry(now: number, { time, amount }: SetOptions): number {
  if (amount === undefined) return Infinity;
  const given = integer(amount);
  if (given <= 0) throw new CommandError("ERR invalid expire time in 'set' command");
  return time === 'PXAT' ? given : now + given * (time === 'EX' ? 1000 : 1);
}

function set({ keys, now }: CommandContext, words: readonly string[]): Reply {
  const [name, value] = [word(words, 1), word(words, 2)];
  const options = setOptions(words);
  const { condition, time, returnsOld } = options;
  const expiresAt = expiry(now(), options);
  const old = returnsOld === true ? (textAt(keys, name) ?? null) : null;
  if (condition !== undefined && (keys.get(name) === undefined) !== (condition === 'NX')) {
    return old;
  }
  if (time === 'KEEPTTL') keys.replace(name, value);
  else keys.set(name, value, expiresAt);
  return returnsOld === true ? old : OK;
}

function slice(text: string, first: number, last: number): string {
  if (first < 0 && last < 0 && first > last) return '';
  const start = Math.max(0, first < 0 ? text.length + first : first);
  const end = Math.min(text.length - 1, Math.max(0, last < 0 ? text.length + last : last));
  return text.slice(start, end + 1);
}

function increment({ keys }: CommandContext, name: string, by: number): number {
  const sum = integer(textAt(keys, name) ?? '0') + by;
  if (!Number.isSafeInteger(sum)) throw new CommandError('ERR increment or decrement would overflow');
  keys.replace(name, String(sum));
  return sum;
}

/** Lists the commands that work on text. */
export const stringCommands: Readonly<Record<string, Command>> = {
  GET: { least: 2, most: 2, run: ({ keys }, words) => textAt(keys, word(words, 1)) ?? null },
  MGET: {
    least: 2,
    run({ keys }, [, ...names]) {
      return names.map((name) => {
        const value = keys.get(name);
        return typeof value === 'string' ? value : null;
      });
    },
  },
  SET: { least: 3, writes: true, grows: true, run: set },
  STRLEN: { least: 2, most: 2, run: ({ keys }, words) => textAt(keys, word(words, 1))?.length ?? 0 },
  GETRANGE: {
    least: 4,
    most: 4,
    run({ keys }, words) {
      const [first, last] = [integer(words[2]), integer(words[3])];
      return slice(textAt(keys, word(words, 1)) ?? '', first, last);
    },
  },
  GETDEL: {
    least: 2,
    most: 2,
    writes: true,
    run({ keys }, words) {
      const text = textAt(keys, word(words, 1)) ?? null;
      keys.delete(word(words, 1));
      return text;
    },
  },
  APPEND: {
    least: 3,
    most: 3,
    writes: true,
    grows: true,
    run({ keys }, words) {
      const text = (textAt(keys, word(words, 1)) ?? '') + word(words, 2);
      keys.replace(word(words, 1), text);
      return text.length;
    },
  },
  SETRANGE: {
    least: 4,
    most: 4,
    writes: true,
    grows: true,
    run({ keys }, words) {
      const [name, offset, part] = [word(words, 1), integer(words[2]), word(words, 3)];
      if (offset < 0) throw new CommandError('ERR offset is out of range');
      const text = textAt(keys, name) ?? '';
      if (part === '') return text.length;
      const changed = text.slice(0, offset).padEnd(offset, '\0') + part + text.slice(offset + part.length);
      keys.replace(name, changed);
      return changed.length;
    },
  },
  INCR: {
    least: 2,
    most: 2,
    writes: true,
    grows: true,
    run: (context, words) => increment(context, word(words, 1), 1),
  },
  INCRBY: {
    least: 3,
    most: 3,
    writes: true,
    grows: true,
    run: (context, words) => increment(context, word(words, 1), integer(words[2])),
  },
};
