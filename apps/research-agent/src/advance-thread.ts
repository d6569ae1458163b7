import { UsageError } from '@keepstep/scenario-kit';
import { HumanMessage } from '@langchain/core/messages';
import { Command, type StateSnapshot } from '@langchain/langgraph';

import type { ResearchGraph } from './research-graph.ts';
import type { ResearchState } from './research-state.ts';
import type { ThreadOptions } from './thread-options.ts';

const QUESTION = 'What do I have to watch when I cache async Python functions? I need benchmark figures, too.';

/** Is how far a thread has come. */
export interface Advance {
  readonly state: ResearchState;
  /** Tells whether it waits for somebody to look at what was found. */
  readonly isWaiting: boolean;
}

/**
 * Begins a thread, or goes on with it: after a crash, with the answer of a person, or from an earlier point once more.
 *
 * @throws UsageError for what cannot be done with the thread as it is
 */
export async function advanceThread(
  graph: ResearchGraph,
  thread: string,
  options: Omit<ThreadOptions, 'thread' | 'crashAt'>,
  tell: (who: string, text: string) => void,
): Promise<Advance> {
  const { review, forkFrom, question } = options;
  // Each checkpoint is stored before the next step begins.
  const how = { durability: 'sync', recursionLimit: 80 } as const;
  const config = { configurable: { thread_id: thread } };
  const asked = new HumanMessage({ id: 'question', content: question ?? QUESTION });
  const before = await graph.getState(config);

  const isNew = before.values.messages === undefined;
  if (isNew ? forkFrom !== undefined || isAnswer(review) : !isPossible(options, before)) {
    throw new UsageError(`The thread ${thread} ${situationOf(before)}: that cannot be done with it.`);
  }

  if (isNew) {
    tell('user', asked.text);
    await graph.invoke({ messages: [asked], review: review === 'ask' }, { ...config, ...how });
  } else if (forkFrom !== undefined) {
    const point = await firstTime(graph, config, forkFrom);
    if (point === undefined) throw new UsageError(`The thread ${thread} never came to ${forkFrom}.`);
    tell('thread', `goes back to before ${forkFrom}, to step ${point.metadata?.step} of ${before.metadata?.step}`);
    if (question !== undefined) tell('user', question);
    const from = question === undefined ? point.config : await graph.updateState(point.config, { messages: [asked] });
    await graph.invoke(null, { ...from, ...how });
  } else if (isWaiting(before)) {
    if (!isAnswer(review)) return progress(before);
    tell('reviewer', review);
    await graph.invoke(new Command({ resume: review }), { ...config, ...how });
  } else if (before.next.length > 0) {
    tell('thread', `goes on with ${before.next.join(', ')}, after ${before.values.messages.length} messages`);
    await graph.invoke(null, { ...config, ...how });
  } else {
    tell('thread', 'was finished before');
  }
  return progress(await graph.getState(config));
}

/** Finds the checkpoint before the first time of a step. */
async function firstTime(graph: ResearchGraph, config: object, step: string): Promise<StateSnapshot | undefined> {
  let found: StateSnapshot | undefined;
  for await (const state of graph.getStateHistory(config)) if (state.next[0] === step) found = state;
  return found;
}

/** Tells whether the options can be followed for a thread that has begun. */
function isPossible({ review, forkFrom, question }: Partial<ThreadOptions>, before: StateSnapshot): boolean {
  if (forkFrom === undefined && question !== undefined) return false;
  if (isAnswer(review)) return forkFrom === undefined && isWaiting(before);
  return review !== 'ask' || before.values.review === true;
}

function situationOf(state: StateSnapshot): string {
  if (state.values.messages === undefined) return 'is new';
  if (isWaiting(state)) return 'waits for a review';
  return state.next.length === 0 ? 'is finished' : 'has begun';
}

function isAnswer(review: ThreadOptions['review']): review is 'approve' | 'reject' {
  return review === 'approve' || review === 'reject';
}

function progress(state: StateSnapshot): Advance {
  return { state: state.values, isWaiting: isWaiting(state) };
}

function isWaiting({ tasks }: StateSnapshot): boolean {
  return tasks.some(({ interrupts }) => interrupts.length > 0);
}
