import { CommandError, integer, syntaxError, word } from './command.ts';
import { parseScoreBound } from './score.ts';
import type { ScoredMember, SortedSet } from './sorted-set.ts';

/** Says which members of a sorted set are wanted. */
export interface SortedRange {
  readonly by: 'rank' | 'score' | 'lex';
  readonly from: string;
  readonly to: string;
  readonly isReversed?: boolean;
  readonly limit?: readonly [offset: number, count: number];
}

/** Is what follows the ends of a range in a command. */
export interface RangeOptions {
  by: SortedRange['by'];
  isReversed: boolean;
  limit?: [offset: number, count: number];
  withScores: boolean;
}

/** Names an option that some of the commands for ranges take. */
export type RangeOption = 'WITHSCORES' | 'LIMIT' | 'BYSCORE' | 'BYLEX' | 'REV';

/** Reads the options behind the ends of a range. */
export function rangeOptions(
  words: readonly string[],
  by: RangeOptions['by'],
  allowed: readonly RangeOption[],
): RangeOptions {
  const options: RangeOptions = { by, isReversed: false, withScores: false };
  for (let at = 4; at < words.length; at += 1) {
    const option = word(words, at).toUpperCase();
    if (!(allowed as readonly string[]).includes(option)) throw syntaxError();
    if (option === 'WITHSCORES') options.withScores = true;
    else if (option === 'REV' && !options.isReversed) options.isReversed = true;
    else if (option === 'LIMIT') {
      if (at + 2 >= words.length) throw syntaxError();
      options.limit = [integer(words[at + 1]), integer(words[at + 2])];
      at += 2;
    } else if (option !== 'REV' && options.by === by) options.by = option === 'BYLEX' ? 'lex' : 'score';
    else throw syntaxError();
  }
  // A count of -1 means no limit, and so is none.
  if (options.limit !== undefined && options.limit[1] !== -1 && options.by === 'rank') {
    throw new CommandError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  }
  if (options.withScores && options.by === 'lex') {
    throw new CommandError('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  return options;
}

/**
 * Returns the members of a range.
 *
 * @param find returns the set; it is asked after the ends were read, for a mistake in them comes first
 */
export function membersIn(find: () => SortedSet | undefined, range: SortedRange): ScoredMember[] {
  const { by, from, to, isReversed = false, limit } = range;
  if (by === 'rank') {
    const ranks = [integer(from), integer(to)] as const;
    return byRank(find(), ...ranks, isReversed);
  }
  const [low, high] = isReversed ? [to, from] : [from, to];
  const select = by === 'score' ? byScore(low, high) : byLex(low, high);
  const set = find();
  const found = set === undefined ? [] : select(set);
  const ordered = isReversed ? found.toReversed() : found;
  if (limit === undefined) return ordered;
  const [offset, count] = limit;
  return offset < 0 ? [] : ordered.slice(offset, count < 0 ? undefined : offset + count);
}

function byRank(set: SortedSet | undefined, from: number, to: number, isReversed: boolean): ScoredMember[] {
  if (set === undefined) return [];
  const start = Math.max(0, from < 0 ? set.size + from : from);
  const end = to < 0 ? set.size + to : to;
  return (isReversed ? set.order.toReversed() : set.order).slice(start, Math.max(start, end + 1));
}

function byScore(low: string, high: string): (set: SortedSet) => ScoredMember[] {
  const [min, max] = [parseScoreBound(low), parseScoreBound(high)];
  return (set) => {
    const found: ScoredMember[] = [];
    for (let at = set.firstFrom(min.place); at < set.size; at += 1) {
      const each = set.order[at] as ScoredMember;
      if (each.score > max.place || (max.isOpen && each.score === max.place)) break;
      if (!min.isOpen || each.score > min.place) found.push(each);
    }
    return found;
  };
}

/** Is for sets whose scores are all equal, as it is with the server. */
function byLex(low: string, high: string): (set: SortedSet) => ScoredMember[] {
  const [isAbove, isBelow] = [lexBound(low, 1), lexBound(high, -1)];
  return (set) => set.order.filter(({ member }) => isAbove(member) && isBelow(member));
}

function lexBound(text: string, direction: 1 | -1): (member: string) => boolean {
  if (text === '-' || text === '+') return () => (text === '-') === (direction === 1);
  const isOpen = text.startsWith('(');
  if (!isOpen && !text.startsWith('[')) throw new CommandError('ERR min or max not valid string range item');
  const place = text.slice(1);
  return (member) => (member === place ? !isOpen : member > place === (direction === 1));
}
