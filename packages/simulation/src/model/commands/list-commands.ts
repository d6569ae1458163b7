import { OK } from '../../resp/reply.ts';
import { integer, listAt, word, type Command, type CommandContext } from '../command.ts';

function push({ keys }: CommandContext, name: string, add: (list: string[]) => void): number {
  const list = listAt(keys, name) ?? [];
  add(list);
  keys.replace(name, list);
  return list.length;
}

function part({ keys }: CommandContext, words: readonly string[]): string[] {
  const [first, last] = [integer(words[2]), integer(words[3])];
  const list = listAt(keys, word(words, 1)) ?? [];
  const start = Math.max(0, first < 0 ? list.length + first : first);
  return list.slice(start, Math.max(start, (last < 0 ? list.length + last : last) + 1));
}

/** Lists the commands that work on lists. */
export const listCommands: Readonly<Record<string, Command>> = {
  RPUSH: {
    least: 3,
    writes: true,
    grows: true,
    run: (context, [, name, ...elements]) => push(context, name as string, (list) => list.push(...elements)),
  },
  LPUSH: {
    least: 3,
    writes: true,
    grows: true,
    run: (context, [, name, ...elements]) =>
      push(context, name as string, (list) => list.unshift(...elements.toReversed())),
  },
  LLEN: { least: 2, most: 2, run: ({ keys }, words) => listAt(keys, word(words, 1))?.length ?? 0 },
  LRANGE: { least: 4, most: 4, run: part },
  LTRIM: {
    least: 4,
    most: 4,
    writes: true,
    run(context, words) {
      const { keys } = context;
      const kept = part(context, words);
      if (kept.length === 0) keys.delete(word(words, 1));
      else keys.replace(word(words, 1), kept);
      return OK;
    },
  },
};
