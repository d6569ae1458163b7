import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls } from '../measure/stopwatch.ts';
import type { Argument } from './argument.ts';
import type { Contest, Course } from './contest.ts';
import { CANNOT_LOAD } from './misses.ts';
import { NewCallReel } from './new-call-reel.ts';

/** Is how many callers ask for the same at the same time. */
export const CROWD = 100;

/** Measures identical calls that are made at the same time and missed: the tool is to run once for all of them. */
export function crowds(task: Contest['task'], answer: Contest['answer']): Contest {
  return {
    task,
    answer,
    async prepare({ read, loadsOnce, empty }, tool): Promise<Course | string> {
      if (read === undefined) return CANNOT_LOAD;
      if (!loadsOnce) return 'runs the tool for every caller';
      const reel = new NewCallReel();
      const sink = new Sink();
      const ask = read as (argument: Argument) => Promise<unknown>;
      const together = (argument: Argument): Promise<unknown> =>
        Promise.all(Array.from({ length: CROWD }, () => ask(argument)));
      return {
        run: (turns) => timeAwaitedCalls(together, reel, turns, sink),
        operationsPerTurn: CROWD,
        reset: empty,
        verify() {
          if (tool.calls !== reel.handedOut)
            throw new Error(`The tool ran ${tool.calls} times for ${reel.handedOut} crowds.`);
        },
      };
    },
  };
}
