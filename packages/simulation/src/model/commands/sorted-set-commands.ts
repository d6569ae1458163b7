import type { Reply } from '../../resp/reply.ts';
import { CommandError, sortedSetAt, syntaxError, word, type Command, type CommandContext } from '../command.ts';
import type { Keyspace } from '../keyspace.ts';
import { formatScore, parseScore } from '../score.ts';
import { membersIn, rangeOptions, type RangeOption, type SortedRange } from '../sorted-range.ts';
import { SortedSet, type ScoredMember } from '../sorted-set.ts';

function ownSet(keys: Keyspace, name: string): SortedSet {
  const existing = sortedSetAt(keys, name);
  if (existing !== undefined) return existing;
  const created = new SortedSet();
  keys.set(name, created);
  return created;
}

function removeMembers(keys: Keyspace, name: string, members: readonly string[]): number {
  const set = sortedSetAt(keys, name);
  if (set === undefined) return 0;
  const removed = members.filter((member) => set.delete(member)).length;
  if (set.size === 0) keys.delete(name);
  return removed;
}

const ZADD_OPTIONS = new Set(['NX', 'XX', 'GT', 'LT', 'CH', 'INCR']);

function add({ keys }: CommandContext, words: readonly string[]): Reply {
  const options = new Set<string>();
  let first = 2;
  while (ZADD_OPTIONS.has(words[first]?.toUpperCase() ?? '')) options.add(word(words, first++).toUpperCase());
  const count = (words.length - first) / 2;
  if (!Number.isInteger(count) || count < 1) throw syntaxError();
  checkOptions(options, count);
  const scores = Array.from({ length: count }, (_, index) => parseScore(words[first + index * 2]));
  const set = sortedSetAt(keys, word(words, 1));
  if (set === undefined && options.has('XX')) return options.has('INCR') ? null : 0;
  const target = ownSet(keys, word(words, 1));
  let [added, updated] = [0, 0];
  let last: number | undefined;
  for (let index = 0; index < count; index += 1) {
    const member = word(words, first + index * 2 + 1);
    const old = target.score(member);
    const score = (scores[index] as number) + (options.has('INCR') ? (old ?? 0) : 0);
    if (Number.isNaN(score)) throw new CommandError('ERR resulting score is not a number (NaN)');
    if (old === undefined ? options.has('XX') : isRefused(options, old, score)) continue;
    last = score;
    if (old === undefined) added += 1;
    else if (old !== score) updated += 1;
    target.set(member, score);
  }
  if (options.has('INCR')) return last === undefined ? null : formatScore(last);
  return options.has('CH') ? added + updated : added;
}

function checkOptions(options: ReadonlySet<string>, count: number): void {
  if (options.has('NX') && options.has('XX')) {
    throw new CommandError('ERR XX and NX options at the same time are not compatible');
  }
  const exclusive = ['GT', 'LT', 'NX'].filter((option) => options.has(option));
  if (exclusive.length > 1) {
    throw new CommandError('ERR GT, LT, and/or NX options at the same time are not compatible');
  }
  if (options.has('INCR') && count > 1) {
    throw new CommandError('ERR INCR option supports a single increment-element pair');
  }
}

function isRefused(options: ReadonlySet<string>, old: number, score: number): boolean {
  return options.has('NX') || (options.has('GT') && score <= old) || (options.has('LT') && score >= old);
}

function listed(members: readonly ScoredMember[], withScores: boolean): Reply {
  return members.flatMap(({ member, score }) => (withScores ? [member, formatScore(score)] : [member]));
}

function range(by: SortedRange['by'], isReversed: boolean, allowed: readonly RangeOption[]): Command {
  return {
    least: 4,
    run({ keys }, words) {
      const options = rangeOptions(words, by, allowed);
      const wanted = {
        ...options,
        from: word(words, 2),
        to: word(words, 3),
        isReversed: isReversed || options.isReversed,
      };
      return listed(
        membersIn(() => sortedSetAt(keys, word(words, 1)), wanted),
        options.withScores,
      );
    },
  };
}

function removeRange(by: SortedRange['by']): Command {
  return {
    least: 4,
    most: 4,
    writes: true,
    run({ keys }, words) {
      const name = word(words, 1);
      const found = membersIn(() => sortedSetAt(keys, name), { by, from: word(words, 2), to: word(words, 3) });
      return removeMembers(
        keys,
        name,
        found.map(({ member }) => member),
      );
    },
  };
}

/** Lists the commands that work on sorted sets. */
export const sortedSetCommands: Readonly<Record<string, Command>> = {
  ZADD: { least: 4, writes: true, grows: true, run: add },
  ZCARD: { least: 2, most: 2, run: ({ keys }, words) => sortedSetAt(keys, word(words, 1))?.size ?? 0 },
  ZCOUNT: {
    least: 4,
    most: 4,
    run: ({ keys }, words) =>
      membersIn(() => sortedSetAt(keys, word(words, 1)), { by: 'score', from: word(words, 2), to: word(words, 3) })
        .length,
  },
  ZINCRBY: {
    least: 4,
    most: 4,
    writes: true,
    grows: true,
    run: (context, [name, key, by, member]) => add(context, [name, key, 'INCR', by, member] as string[]),
  },
  ZSCORE: {
    least: 3,
    most: 3,
    run({ keys }, words) {
      const score = sortedSetAt(keys, word(words, 1))?.score(word(words, 2));
      return score === undefined ? null : formatScore(score);
    },
  },
  ZMSCORE: {
    least: 3,
    run({ keys }, [, name, ...members]) {
      const set = sortedSetAt(keys, name as string);
      return members.map((member) => {
        const score = set?.score(member);
        return score === undefined ? null : formatScore(score);
      });
    },
  },
  ZREM: {
    least: 3,
    writes: true,
    run: ({ keys }, [, name, ...members]) => removeMembers(keys, name as string, members),
  },
  ZRANGE: range('rank', false, ['BYSCORE', 'BYLEX', 'REV', 'LIMIT', 'WITHSCORES']),
  ZREVRANGE: range('rank', true, ['WITHSCORES']),
  ZRANGEBYSCORE: range('score', false, ['LIMIT', 'WITHSCORES']),
  ZREVRANGEBYSCORE: range('score', true, ['LIMIT', 'WITHSCORES']),
  ZRANGEBYLEX: range('lex', false, ['LIMIT']),
  ZREVRANGEBYLEX: range('lex', true, ['LIMIT']),
  ZREMRANGEBYSCORE: removeRange('score'),
  ZREMRANGEBYRANK: removeRange('rank'),
};
