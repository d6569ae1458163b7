import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls, timeCalls } from '../measure/stopwatch.ts';
import type { Contest, Course } from './contest.ts';
import { CallReel } from './call-reel.ts';

/** Measures calls that are answered from the cache, one after the other. */
export function hits(task: Contest['task'], answer: Contest['answer']): Contest {
  return {
    task,
    answer,
    async prepare({ hit, read, fill = read, answersAtOnce = false }, tool): Promise<Course | string> {
      if (fill === undefined) return 'cannot be filled';
      const reel = new CallReel(task.argument);
      const sink = new Sink();
      for (const argument of reel.distinct) await fill(argument as never);
      const filled = tool.calls;
      const time = answersAtOnce ? timeCalls : timeAwaitedCalls;
      return {
        run: async (turns) => time(hit as (argument: unknown) => unknown, reel, turns, sink),
        verify() {
          if (tool.calls !== filled) throw new Error(`${tool.calls - filled} calls were no hits.`);
          if (sink.missing > 0) throw new Error(`${sink.missing} hits had no result.`);
        },
      };
    },
  };
}
