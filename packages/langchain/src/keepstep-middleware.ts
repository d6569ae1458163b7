import { AgentLoopDetectedError, InvalidOptionError } from '@keepstep/core';
import type { CallStatus, Session, ToolCache, ToolPolicy } from '@keepstep/core';
import { checkAdapterOptions, policyOfTool, type SessionSource } from '@keepstep/core/adapter';
import type { AnnotationPolicyOptions } from '@keepstep/core/mcp';
import { ToolMessage } from '@langchain/core/messages';
import {
  createMiddleware,
  type AgentMiddleware,
  type Runtime,
  type ToolCallHandler,
  type ToolCallRequest,
} from 'langchain';
import { z } from 'zod';

import { AgentSessions, type AgentRunState } from './agent-sessions.ts';
import { annotationsOf } from './cache-tools.ts';
import { cachedTool, type AnyTool } from './cached-tool.ts';
import { isFailure } from './kept-output.ts';
import { answerFor, readLoopOptions, refusal, shortCircuited, type AgentLoopOptions } from './loop-answer.ts';
import { loopStopped } from './loop-stopped.ts';
import { untilStopped } from './stopped-run.ts';
import { throughCache } from './through-cache.ts';
import { toolErrorMessage } from './tool-error-message.ts';

/** Says how the tools of an agent are cached, and how it is kept from running in circles. */
export interface KeepstepMiddlewareOptions {
  readonly cache: ToolCache;
  /** Says what each tool is to the cache, by name. A tool that is not named is never cached, invalidates nothing, and counts for loops. */
  readonly tools?: Readonly<Record<string, ToolPolicy>>;
  /** Says how loops are found and answered; `false` lets them run. Default: the rules of a session, one nudge, then a stop. */
  readonly loop?: AgentLoopOptions | false;
  /**
   * Names the session, always or call by call: `({ context }) => context.session`. Its own loop rules stand. Default: the one
   * around the call; else one for the thread (`thread_id`), which goes on from run to run; else one for the run.
   */
  readonly session?: SessionSource<Runtime<any>>;
  /** Names the user of a thread, for tools with scope `user`: `({ context }) => context.userId`. Default: nobody. */
  readonly userId?: (runtime: Runtime<any>) => string | undefined;
  /**
   * Says what becomes of the error of a tool: `answer` tells the model, as an agent without middleware does, and `raise` hands
   * it to the middleware around this one, and fails the agent where there is none. Default: `answer`.
   */
  readonly toolErrors?: 'answer' | 'raise';
  /**
   * Takes MCP annotations, as `tool.metadata.annotations` holds them, for the policies of all tools that `tools` does not
   * name: what is read-only is a read, and everything else a write to the same resource. Default: off.
   */
  readonly annotations?: AnnotationPolicyOptions;
  /** Is how many sessions of threads stay open; the one that was used least recently ends for one more. Default: 1000. */
  readonly maxSessions?: number;
}

/** Is the middleware. It adds nothing to the state and the context that users of the agent see. */
export type KeepstepMiddleware = AgentMiddleware<undefined, undefined>;

/** Names the part of the state that is the middleware's own; LangChain hides names with an underscore from users. */
const STATE = '_keepstep';
const stateSchema = z.object({ [STATE]: z.any().optional() });

/**
 * Caches the tool calls of an agent, invalidates what its writes change, and stops it when it runs in circles.
 *
 * Put it first, around other middleware that wraps tool calls.
 *
 * @throws InvalidOptionError for an option or a policy that is not allowed
 */
export function keepstepMiddleware(options: KeepstepMiddlewareOptions): KeepstepMiddleware {
  checkAdapterOptions(options, OPTIONS);
  const {
    cache,
    tools = {},
    loop = {},
    session,
    userId,
    toolErrors = 'answer',
    annotations,
    maxSessions = 1000,
  } = options;
  if (!['answer', 'raise'].includes(toolErrors)) {
    throw new InvalidOptionError('toolErrors', toolErrors, '"answer" or "raise"');
  }
  const { answers, rules } = loop === false ? { answers: undefined, rules: loop } : readLoopOptions(loop);
  const sessions = new AgentSessions({ cache, session, userId, maxSessions, loop: rules });
  const policies = new Map<string, ToolPolicy>();
  for (const name of Object.keys(tools)) cache.declare(name, policyFor(name, undefined));

  function policyFor(name: string, tool: unknown): ToolPolicy {
    const known = policies.get(name);
    if (known !== undefined) return known;
    const policy = policyOfTool(name, { tools, annotations }, annotationsOf(tool ?? {}), isFailure);
    policies.set(name, policy);
    return policy;
  }

  async function wrapToolCall(request: ToolCallRequest<any>, handler: ToolCallHandler<any>): Promise<any> {
    const { toolCall, tool, state, runtime } = request;
    const answer = answers && answerFor(answers, state.messages);
    let answered: CallStatus | undefined;
    const policy = policyFor(toolCall.name, tool);
    const passage = {
      cache,
      policy: isResumed(runtime) ? ({ ...policy, loop: false } as ToolPolicy) : policy,
      onAnswered: (status: CallStatus) => void (answered = status),
    };
    const own = sessions.of(runtime, state[STATE], answer);
    try {
      const message = await (isTool(tool)
        ? handler({ ...request, tool: cachedTool(tool, { ...passage, place: () => ({ session: own }) }) as never })
        : aroundHandler(request, handler, passage, own));
      const isSkipped = answered === 'short-circuit' && ToolMessage.isInstance(message);
      return isSkipped ? shortCircuited(message) : message;
    } catch (error) {
      if (AgentLoopDetectedError.isInstance(error)) {
        if (answer === undefined || answer === 'raise') throw error;
        return refusal(error, toolCall, answer);
      }
      const message = toolErrors === 'answer' ? toolErrorMessage(error, toolCall) : undefined;
      if (message === undefined) throw error;
      return message;
    }
  }

  function afterAgent(state: any, runtime: Runtime<any>): void {
    sessions.finish(runtime, state[STATE] as AgentRunState | undefined);
  }

  const hooks = {
    beforeAgent: (_state: unknown, runtime: Runtime<any>) => ({ [STATE]: sessions.begin(runtime) }),
    beforeModel: {
      canJumpTo: ['end' as const],
      hook(state: any, runtime: Runtime<any>) {
        const words = loopStopped(state.messages);
        const run = sessions.record(runtime, state[STATE] as AgentRunState | undefined);
        if (words === undefined) return run && { [STATE]: run };
        return { messages: [words], jumpTo: 'end' as const, ...(run && { [STATE]: run }) };
      },
    },
  };
  return createMiddleware({
    name: 'Keepstep',
    afterAgent,
    stateSchema,
    wrapToolCall,
    ...(answers === undefined ? { beforeAgent: hooks.beforeAgent } : hooks),
  } as any) as KeepstepMiddleware;
}

const OPTIONS: readonly string[] = [
  'cache',
  'tools',
  'loop',
  'session',
  'userId',
  'toolErrors',
  'annotations',
  'maxSessions',
] satisfies (keyof KeepstepMiddlewareOptions)[];

/** Caches a call whose tool is not known here: a middleware further in brings it along. */
async function aroundHandler(
  request: ToolCallRequest<any>,
  handler: ToolCallHandler<any>,
  passage: Parameters<typeof throughCache>[1],
  session: Session | undefined,
): Promise<any> {
  const { toolCall, runtime } = request;
  const { name: toolName, id: toolCallId, args } = toolCall;
  const call = { toolName, args: [args], toolCallId, session, signal: runtime.signal };
  const result = await throughCache(call, passage, () => untilStopped(runtime.signal, () => handler(request)));
  return result ?? new ToolMessage({ content: 'null', name: toolName, tool_call_id: toolCallId ?? '' });
}

function isTool(tool: unknown): tool is AnyTool {
  return typeof (tool as Partial<AnyTool> | undefined)?.invoke === 'function';
}

/** Tells whether a call goes on after an interrupt: it is the same call, and was counted when it began. */
function isResumed({ configurable }: Runtime<any>): boolean {
  const task = configurable?.['__pregel_scratchpad'] as { resume?: unknown[]; nullResume?: unknown } | undefined;
  return (task?.resume?.length ?? 0) > 0 || (task?.nullResume ?? undefined) !== undefined;
}
