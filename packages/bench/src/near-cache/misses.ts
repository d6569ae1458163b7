import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls } from '../measure/stopwatch.ts';
import type { Contest, Course } from './contest.ts';
import { NewCallReel } from './new-call-reel.ts';

/** Says why a contender cannot miss. */
export const CANNOT_LOAD = 'cannot load';

/** Measures calls that nobody has made before: the tool runs, its result is stored, and an older one goes. */
export function misses(task: Contest['task'], answer: Contest['answer']): Contest {
  return {
    task,
    answer,
    async prepare({ read, empty }, tool): Promise<Course | string> {
      if (read === undefined) return CANNOT_LOAD;
      const reel = new NewCallReel();
      const sink = new Sink();
      const run = (turns: number): Promise<number> =>
        timeAwaitedCalls(read as (argument: unknown) => unknown, reel, turns, sink);
      // Full from the start where there are bounds, so that every miss has to make room.
      if (empty === undefined) await run(task.maxEntries);
      return {
        run,
        reset: empty,
        verify() {
          if (tool.calls !== reel.handedOut) throw new Error(`${reel.handedOut - tool.calls} calls were no misses.`);
          if (sink.missing > 0) throw new Error(`${sink.missing} calls had no result.`);
        },
      };
    },
  };
}
