import { AgentLoopDetectedError, type LoopFinding, type Session, type ToolCache } from '@keepstep/core';
import type { AgentObserver } from '@keepstep/scenario-kit';
import { createMiddleware, ToolMessage, type AgentMiddleware } from 'langchain';

/** Tells an observer about every call that an agent makes, before and after, and about loops in its session. */
export function accountMiddleware(observer: AgentObserver, cache: ToolCache, session: Session): AgentMiddleware {
  const loops = new Map<string | undefined, LoopFinding>();
  cache.on((event) => {
    if (event.type === 'loop-detected' && event.sessionId === session.id) loops.set(event.toolCallId, event.finding);
  });
  return createMiddleware({
    name: 'Account',
    async wrapToolCall(request, handler) {
      const { id = '', name, args } = request.toolCall;
      const call = { toolCallId: id, toolName: name, input: args };
      observer.asked(session, call);
      const answer = await handler(request);
      observer.answered(session, call, failureOf(answer, loops.get(id)));
      return answer;
    },
  });
}

function failureOf(answer: unknown, loop: LoopFinding | undefined): { readonly error: Error } | undefined {
  if (!ToolMessage.isInstance(answer) || answer.status !== 'error') return undefined;
  return { error: loop === undefined ? new Error(answer.text) : new AgentLoopDetectedError(answer.text, loop) };
}
