import { UsageError, type SampleDescription, type SampleOptions } from '@keepstep/scenario-kit';

import type { ResearchStep } from './research-state.ts';

type Extra = 'thread' | 'crash-at' | 'review' | 'fork-from' | 'question';

/** Describes the sample on the command line. */
export const researchSample: SampleDescription<Extra> = {
  name: 'research-agent',
  about: 'a researcher that repeats its search, stopped at the fourth and not empty-handed',
  options: {
    thread: { value: 'name', about: 'keeps the research under this name: started again, it goes on' },
    'crash-at': { value: 'step', about: 'kills the process in plan, search, tools, analyze, respond, or in a call' },
    review: { value: 'word', about: 'ask: waits before the report; approve or reject: answers, and goes on' },
    'fork-from': { value: 'step', about: 'goes back to before the first time of a step, and on from there' },
    question: { value: 'text', about: 'asks something else, of a new thread or of a fork' },
  },
  namespace: ({ thread }) => (thread === undefined ? undefined : `research-agent-${thread}`),
};

/** Is what is to be done with a thread of research. */
export interface ThreadOptions {
  /** Names the thread; undefined for one that nobody goes on with. */
  readonly thread: string | undefined;
  /** Is the step in which the process kills itself, or `call`: while the first search is under way. Default: none. */
  readonly crashAt: ResearchStep | 'call' | undefined;
  readonly review: 'ask' | 'approve' | 'reject' | undefined;
  readonly forkFrom: ResearchStep | undefined;
  readonly question: string | undefined;
}

const STEPS = ['plan', 'search', 'tools', 'analyze', 'respond'] as const satisfies ResearchStep[];

/** Reads what is to be done with a thread. @throws UsageError for what cannot be done */
export function readThreadOptions(options: SampleOptions<Extra>): ThreadOptions {
  const { thread, question } = options;
  for (const name of ['thread', 'question'] as const) {
    if (options[name] === '') throw new UsageError(`--${name} takes a text that is not empty.`);
  }
  const read = {
    thread,
    question,
    crashAt: oneOf('crash-at', options['crash-at'], [...STEPS, 'call'] as const),
    review: oneOf('review', options.review, ['ask', 'approve', 'reject'] as const),
    forkFrom: oneOf('fork-from', options['fork-from'], STEPS),
  };
  for (const name of ['crash-at', 'review', 'fork-from'] as const) {
    if (options[name] !== undefined && thread === undefined) throw new UsageError(`--${name} needs a --thread.`);
  }
  return read;
}

function oneOf<Word extends string>(
  option: string,
  word: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (word === undefined || words.includes(word as Word)) return word as Word | undefined;
  throw new UsageError(`--${option} takes one of ${words.join(', ')}, not ${JSON.stringify(word)}.`);
}
