import { AgentLoopDetectedError, type LoopFinding, type ToolCache } from '@keepstep/core';
import { saying, type AgentObserver, type ObservedSession } from '@keepstep/scenario-kit';
import type { ToolMessage } from '@langchain/core/messages';
import { AIMessage } from '@langchain/core/messages';
import type { ClientTool } from '@langchain/core/tools';
import { ToolNode } from '@langchain/langgraph/prebuilt';

import type { ResearchParts } from './research-graph.ts';
import { StoredResults } from './stored-results.ts';

/** Is who watches the tools. */
export interface ToolWatch {
  readonly cache: ToolCache;
  readonly session: ObservedSession;
  readonly observer: AgentObserver;
  readonly say: (line: string) => void;
}

/** Runs tools as a `ToolNode` does, and tells an observer about every call, before and after. */
export function observedTools(
  tools: readonly ClientTool[],
  { cache, session, observer, say }: ToolWatch,
): ResearchParts['runTools'] {
  const node = new ToolNode([...tools]);
  const results = new StoredResults(cache);
  const loops = new Map<string | undefined, LoopFinding>();
  cache.on((event) => {
    if (event.type === 'loop-detected') loops.set(event.toolCallId, event.finding);
  });
  return async (state, config) => {
    const asking = state.messages.findLast((message) => AIMessage.isInstance(message));
    const calls = (asking?.tool_calls ?? []).map(({ id = '', name, args }) => {
      return { toolCallId: id, toolName: name, input: args };
    });
    for (const call of calls) observer.asked(session, call);
    const answers = (await node.invoke(state, config)) as { messages: ToolMessage[] };
    for (const call of calls) {
      const answer = answers.messages.find((message) => message.tool_call_id === call.toolCallId);
      const error = answer?.status === 'error' ? failureOf(answer.text, loops.get(call.toolCallId)) : undefined;
      observer.answered(session, call, error && { error });
      if (!AgentLoopDetectedError.isInstance(error)) continue;
      say(saying('stopped', error.message));
      say(saying('hint', error.hint));
    }
    // Now the step may be recorded, or die: its results outlive it.
    await results.settled();
    return answers;
  };
}

function failureOf(text: string, loop: LoopFinding | undefined): Error {
  if (loop === undefined) return new Error(text);
  // The model reads the hint after what was found.
  return new AgentLoopDetectedError(text.replace(`. ${loop.hint}`, ''), loop);
}
