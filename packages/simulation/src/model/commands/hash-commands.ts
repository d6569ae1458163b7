import { OK, type Reply } from '../../resp/reply.ts';
import { CommandError, hashAt, integer, syntaxError, word, type Command, type CommandContext } from '../command.ts';
import type { Keyspace } from '../keyspace.ts';

function ownHash(keys: Keyspace, name: string): Map<string, string> {
  const existing = hashAt(keys, name);
  if (existing !== undefined) return existing;
  const created = new Map<string, string>();
  keys.set(name, created);
  return created;
}

function setFields({ keys }: CommandContext, words: readonly string[], command: string): number {
  if (words.length % 2 !== 0) throw new CommandError(`ERR wrong number of arguments for '${command}' command`);
  const hash = ownHash(keys, word(words, 1));
  const before = hash.size;
  for (let at = 2; at < words.length; at += 2) hash.set(word(words, at), word(words, at + 1));
  return hash.size - before;
}

function removeFields({ keys }: CommandContext, name: string, fields: readonly string[]): number {
  const hash = hashAt(keys, name);
  if (hash === undefined) return 0;
  const removed = fields.filter((field) => hash.delete(field)).length;
  if (hash.size === 0) keys.delete(name);
  return removed;
}

function increment({ keys }: CommandContext, words: readonly string[]): number {
  const by = integer(words[3]);
  const old = hashAt(keys, word(words, 1))?.get(word(words, 2)) ?? '0';
  const sum = integer(old, 'ERR hash value is not an integer') + by;
  if (!Number.isSafeInteger(sum)) throw new CommandError('ERR increment or decrement would overflow');
  ownHash(keys, word(words, 1)).set(word(words, 2), String(sum));
  return sum;
}

/** Returns some fields, with their values if asked for. Which ones is up to the server: here the oldest. */
function some({ keys }: CommandContext, words: readonly string[]): Reply {
  if (words.length === 2) return hashAt(keys, word(words, 1))?.keys().next().value ?? null;
  const count = integer(words[2]);
  if (words.length > 4 || (words.length === 4 && words[3]?.toUpperCase() !== 'WITHVALUES')) throw syntaxError();
  if (count < 0) throw new CommandError('ERR the model draws no field twice');
  const fields = [...(hashAt(keys, word(words, 1)) ?? [])].slice(0, count);
  return words.length === 4 ? fields.flat() : fields.map(([field]) => field);
}

function listed(list: (hash: Map<string, string>) => Reply): Command {
  return {
    least: 2,
    most: 2,
    run({ keys }, words) {
      const hash = hashAt(keys, word(words, 1));
      return hash === undefined ? [] : list(hash);
    },
  };
}

/** Lists the commands that work on hashes. */
export const hashCommands: Readonly<Record<string, Command>> = {
  HSET: { least: 4, writes: true, grows: true, run: (context, words) => setFields(context, words, 'hset') },
  HMSET: {
    least: 4,
    writes: true,
    grows: true,
    run(context, words) {
      setFields(context, words, 'hmset');
      return OK;
    },
  },
  HSETNX: {
    least: 4,
    most: 4,
    writes: true,
    grows: true,
    run(context, words) {
      return hashAt(context.keys, word(words, 1))?.has(word(words, 2)) === true
        ? 0
        : setFields(context, words, 'hsetnx');
    },
  },
  HGET: {
    least: 3,
    most: 3,
    run: ({ keys }, words) => hashAt(keys, word(words, 1))?.get(word(words, 2)) ?? null,
  },
  HMGET: {
    least: 3,
    run({ keys }, [, name, ...fields]) {
      const hash = hashAt(keys, name as string);
      return fields.map((field) => hash?.get(field) ?? null);
    },
  },
  HDEL: {
    least: 3,
    writes: true,
    run: (context, [, name, ...fields]) => removeFields(context, name as string, fields),
  },
  HEXISTS: {
    least: 3,
    most: 3,
    run: ({ keys }, words) => Number(hashAt(keys, word(words, 1))?.has(word(words, 2)) ?? false),
  },
  HLEN: { least: 2, most: 2, run: ({ keys }, words) => hashAt(keys, word(words, 1))?.size ?? 0 },
  HINCRBY: { least: 4, most: 4, writes: true, grows: true, run: increment },
  HRANDFIELD: { least: 2, run: some },
  HGETALL: listed((hash) => [...hash].flat()),
  HKEYS: listed((hash) => [...hash.keys()]),
  HVALS: listed((hash) => [...hash.values()]),
};
