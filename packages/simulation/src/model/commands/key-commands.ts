import { OK, Status, type Reply } from '../../resp/reply.ts';
import { integer, word, type Command, type CommandContext, CommandError, syntaxError } from '../command.ts';
import type { Value } from '../keyspace.ts';
import { SortedSet } from '../sorted-set.ts';

function remove({ keys }: CommandContext, names: readonly string[]): number {
  return names.filter((name) => keys.delete(name)).length;
}

function expireOptions(words: readonly string[]): ReadonlySet<string> {
  const options = new Set<string>();
  for (const text of words.slice(3)) {
    if (!['NX', 'XX', 'GT', 'LT'].includes(text.toUpperCase())) {
      throw new CommandError(`ERR Unsupported option ${text.replace(/\0.*/s, '')}`);
    }
    options.add(text.toUpperCase());
  }
  if (options.has('NX') && options.size > 1) {
    throw new CommandError('ERR NX and XX, GT or LT options at the same time are not compatible');
  }
  if (options.has('GT') && options.has('LT')) {
    throw new CommandError('ERR GT and LT options at the same time are not compatible');
  }
  return options;
}

function expire({ keys, now }: CommandContext, words: readonly string[], unit: number, isMoment = false): number {
  const options = expireOptions(words);
  const at = integer(words[2]) * unit + (isMoment ? 0 : now());
  const old = keys.expiry(word(words, 1));
  if (old === undefined) return 0;
  if (options.has('NX') && old !== Infinity) return 0;
  if (options.has('XX') && old === Infinity) return 0;
  if (options.has('GT') && at <= old) return 0;
  if (options.has('LT') && at >= old) return 0;
  return keys.expire(word(words, 1), at) ? 1 : 0;
}

function remaining({ keys, now }: CommandContext, name: string): number {
  const at = keys.expiry(name);
  if (at === undefined) return -2;
  return at === Infinity ? -1 : Math.max(0, at - now());
}

function typeName(value: Value | undefined): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return 'string';
  if (value instanceof Map) return 'hash';
  if (Array.isArray(value)) return 'list';
  return value instanceof SortedSet ? 'zset' : 'stream';
}

function scan({ keys }: CommandContext, words: readonly string[]): Reply {
  if (!/^\d+$/.test(word(words, 1))) throw new CommandError('ERR invalid cursor');
  let pattern = '*';
  for (let at = 2; at < words.length; at += 2) {
    const option = word(words, at).toUpperCase();
    if (option === 'MATCH') pattern = word(words, at + 1);
    else if (option === 'COUNT' && integer(words[at + 1]) > 0) continue;
    else throw syntaxError();
  }
  // All at once, which is one of the ways in which a server may go through its keys.
  return ['0', keys.names.filter(matches(pattern))];
}

/** Understands `*` and `\`; the other signs of patterns are unknown here. */
function matches(pattern: string): (name: string) => boolean {
  if (/[?[\]]/.test(pattern.replaceAll(/\\./gs, ''))) throw new CommandError('ERR the model knows only * in a pattern');
  const source = pattern.replaceAll(/\\(.)|\*|[^\\*]+/gs, (part, escaped: string | undefined) =>
    part === '*' ? '.*' : (escaped ?? part).replaceAll(/[^\w]/g, String.raw`\$&`),
  );
  const expression = new RegExp(`^${source}$`, 's');
  return (name) => expression.test(name);
}

/** Lists the commands that work on keys of any type. */
export const keyCommands: Readonly<Record<string, Command>> = {
  DEL: { least: 2, writes: true, run: (context, [, ...names]) => remove(context, names) },
  UNLINK: { least: 2, writes: true, run: (context, [, ...names]) => remove(context, names) },
  RENAME: {
    least: 3,
    most: 3,
    writes: true,
    run({ keys }, words) {
      const [from, to] = [word(words, 1), word(words, 2)];
      const [value, expiresAt] = [keys.get(from), keys.expiry(from)];
      if (value === undefined) throw new CommandError('ERR no such key');
      keys.delete(from);
      keys.set(to, value, expiresAt);
      return OK;
    },
  },
  EXISTS: { least: 2, run: ({ keys }, [, ...names]) => names.filter((name) => keys.get(name) !== undefined).length },
  TYPE: { least: 2, most: 2, run: ({ keys }, words) => new Status(typeName(keys.get(word(words, 1)))) },
  PTTL: { least: 2, most: 2, run: (context, words) => remaining(context, word(words, 1)) },
  TTL: {
    least: 2,
    most: 2,
    run(context, words) {
      const ms = remaining(context, word(words, 1));
      return ms < 0 ? ms : Math.floor((ms + 500) / 1000);
    },
  },
  PEXPIRE: { least: 3, writes: true, run: (context, words) => expire(context, words, 1) },
  EXPIRE: { least: 3, writes: true, run: (context, words) => expire(context, words, 1000) },
  PEXPIREAT: { least: 3, writes: true, run: (context, words) => expire(context, words, 1, true) },
  PERSIST: {
    least: 2,
    most: 2,
    writes: true,
    run({ keys }, words) {
      const at = keys.expiry(word(words, 1));
      return at === undefined || at === Infinity ? 0 : Number(keys.expire(word(words, 1), Infinity));
    },
  },
  SCAN: { least: 2, run: scan },
  DBSIZE: { least: 1, most: 1, run: ({ keys }) => keys.names.length },
};
