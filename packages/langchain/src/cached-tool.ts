import {
  AgentLoopDetectedError,
  type CallStatus,
  type ToolCache,
  type ToolCall,
  type ToolPolicy,
} from '@keepstep/core';
import type { ToolMessage } from '@langchain/core/messages';
import { RunnableLambda } from '@langchain/core/runnables';
import type { ToolRunnableConfig } from '@langchain/core/tools';

import type { CallPlace } from './graph-sessions.ts';
import { refusal } from './loop-answer.ts';
import { markRun } from './run-mark.ts';
import { throughCache } from './through-cache.ts';

/** Is a tool of LangChain, whatever made it. */
export interface AnyTool {
  readonly name: string;
  invoke(input: any, config?: any): Promise<any>;
}

/** Is what is needed to put one tool behind a cache. */
export interface CachedToolOptions {
  readonly cache: ToolCache;
  readonly policy: ToolPolicy;
  /** Finds the place of a call by its configuration and its id. */
  readonly place: (config: ToolRunnableConfig, toolCallId: string | undefined) => CallPlace | Promise<CallPlace>;
  /** Is told how a call was answered. */
  readonly onAnswered?: (status: CallStatus) => void;
}

/** Is the part of a structured tool that does its work. */
interface StructuredWork {
  readonly responseFormat?: string;
  _call(args: unknown, run?: unknown, config?: ToolRunnableConfig): unknown;
}

/**
 * Returns a tool that does the same through the cache. It inherits from the tool, so it is of the same type and has all it
 * has; the work is still done by the tool itself, where it has to be done.
 */
export function cachedTool<Tool extends AnyTool>(tool: Tool, options: CachedToolOptions): Tool {
  const isStructured = typeof (tool as Partial<StructuredWork>)._call === 'function';
  return Object.create(
    tool,
    isStructured ? { _call: cachedWork(tool as any, options) } : { invoke: cachedInvoke(tool, options) },
  );
}

/**
 * Caches the work of a structured tool. It lies below its parser and its callbacks: keys are made of parsed arguments, and
 * a hit is a run of the tool to everybody who watches.
 */
function cachedWork(tool: AnyTool & StructuredWork, options: CachedToolOptions): PropertyDescriptor {
  return hidden(async (args: unknown, run: unknown, config: ToolRunnableConfig = {}) => {
    const { status, result } = await passage(tool, args, config.toolCall?.id, config, {
      ...options,
      onAnswered(answered) {
        markRun(run, answered);
        options.onAnswered?.(answered);
      },
      work: (signal) => tool._call(args, run, { ...config, signal }),
    });
    if (tool.responseFormat !== 'content_and_artifact') return result;
    // LangChain makes an error of what is no pair.
    if (status === 'refused') return [result, undefined];
    return status === 'short-circuit' && result === null ? ['null', undefined] : result;
  });
}

/** Caches a runnable that is used as a tool. */
function cachedInvoke(tool: AnyTool, options: CachedToolOptions): PropertyDescriptor {
  return hidden(async (input: any, config: ToolRunnableConfig = {}) => {
    const isCall = input?.type === 'tool_call';
    const { status, result } = await passage(tool, isCall ? input.args : input, isCall ? input.id : undefined, config, {
      ...options,
      work: (signal) => tool.invoke(input, { ...config, signal }),
    });
    if (status !== 'hit' && status !== 'stale') return result;
    // Callbacks lie inside of a runnable, so a hit is a run of its own.
    const { signal: _signal, tags = [], ...rest } = config;
    const replay = RunnableLambda.from<unknown, any>(() => result);
    return replay.invoke(input, { ...rest, runName: tool.name, tags: [...tags, 'cache:hit'] });
  });
}

/** Is what a call came to, and how. */
interface Passed {
  readonly status: CallStatus | 'refused' | undefined;
  readonly result: unknown;
}

/** Runs one call through the cache. A call that closes a loop is answered as its place says. */
async function passage(
  { name }: AnyTool,
  args: unknown,
  toolCallId: string | undefined,
  config: ToolRunnableConfig,
  options: CachedToolOptions & { readonly work: (signal: AbortSignal) => unknown },
): Promise<Passed> {
  const { session, answer } = await options.place(config, toolCallId);
  let status: CallStatus | undefined;
  const onAnswered = (answered: CallStatus): void => {
    status = answered;
    options.onAnswered?.(answered);
  };
  const call: ToolCall = { toolName: name, args: [args], toolCallId, session, signal: config.signal };
  try {
    const result = await throughCache(call, { ...options, onAnswered }, options.work);
    return { status, result };
  } catch (error) {
    const isRefused = AgentLoopDetectedError.isInstance(error) && answer !== undefined && answer !== 'raise';
    if (!isRefused || toolCallId === undefined) throw error;
    const message: ToolMessage = refusal(error, { name, id: toolCallId }, answer);
    return { status: 'refused', result: message };
  }
}

function hidden(value: unknown): PropertyDescriptor {
  return { value, configurable: true, writable: true };
}
