import { MemorySaver } from '@langchain/langgraph';
import { deltaChannelHistoryTests, specTest } from '@langchain/langgraph-checkpoint-validation';
import { describe, expect, it } from 'vitest';

import type { KeepstepSaver } from '../src/keepstep-saver.ts';
import { comparableHistory } from './comparable-history.ts';
import { durabilities, graphZoo } from './graph-zoo.ts';

/**
 * Makes tests of the official suite for a checkpointer, and of graphs that leave the same history there as on MemorySaver.
 *
 * @param createCheckpointer returns one that holds nothing
 */
export function bindCheckpointer(name: string, createCheckpointer: () => KeepstepSaver): void {
  const initializer = { checkpointerName: `KeepstepSaver ${name}`, createCheckpointer };
  specTest(initializer);
  deltaChannelHistoryTests(initializer);

  describe.each(durabilities)(`${name}, with durability %s`, (durability) => {
    it.each(graphZoo)('$name leaves the history that MemorySaver has', async ({ build, run }) => {
      const [reference, own] = [new MemorySaver(), createCheckpointer()];
      for (const saver of [reference, own]) {
        await run(build(saver), { configurable: { thread_id: 'thread' }, durability });
      }
      const expected = await comparableHistory(reference, 'thread');
      expect(expected).not.toEqual([]);
      expect(await comparableHistory(own, 'thread')).toEqual(expected);
    });
  });
}
