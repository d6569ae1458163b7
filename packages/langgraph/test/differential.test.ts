import { MemorySaver } from '@langchain/langgraph';
import { describe, expect, it } from 'vitest';

import { KeepstepSaver } from '../src/keepstep-saver.ts';
import { comparableHistory } from './comparable-history.ts';
import { durabilities, graphZoo } from './graph-zoo.ts';

describe.each(durabilities)('with durability %s', (durability) => {
  it.each(graphZoo)('$name leaves the history that MemorySaver has', async ({ build, run }) => {
    const [reference, own] = [new MemorySaver(), new KeepstepSaver()];
    for (const saver of [reference, own]) {
      await run(build(saver), { configurable: { thread_id: 'thread' }, durability });
    }
    const expected = await comparableHistory(reference, 'thread');
    expect(expected).not.toEqual([]);
    expect(await comparableHistory(own, 'thread')).toEqual(expected);
  });
});
