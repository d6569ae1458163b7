import { OK } from '../../resp/reply.ts';
import { word, type Command } from '../command.ts';

/** Lists the commands that ask about the server or go past its data. */
export const serverCommands: Readonly<Record<string, Command>> = {
  TIME: {
    least: 1,
    most: 1,
    run({ now }) {
      const ms = now();
      return [String(Math.floor(ms / 1000)), String(Math.round((ms % 1000) * 1000))];
    },
  },
  PUBLISH: {
    least: 3,
    most: 3,
    spreads: true,
    run: (context, words) => context.publish(word(words, 1), word(words, 2)),
  },
  INFO: { least: 1, run: (context, [, ...sections]) => context.info(sections) },
  FLUSHALL: {
    least: 1,
    writes: true,
    run({ keys }) {
      keys.clear();
      return OK;
    },
  },
};
