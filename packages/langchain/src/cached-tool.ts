import type { CallStatus, Session, ToolCache, ToolCall, ToolPolicy } from '@keepstep/core';
import { RunnableLambda } from '@langchain/core/runnables';
import type { ToolRunnableConfig } from '@langchain/core/tools';

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
  /** Finds the session of a call in its configuration. */
  readonly session: (config: ToolRunnableConfig) => Session | undefined;
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
    let answered: CallStatus | undefined;
    const result = await throughCache(
      callOf(tool, args, config.toolCall?.id, config, options),
      {
        ...options,
        onAnswered(status) {
          answered = status;
          markRun(run, status);
          options.onAnswered?.(status);
        },
      },
      (signal) => tool._call(args, run, { ...config, signal }),
    );
    // Nothing is no pair, and LangChain would make an error of it.
    const isNothing = answered === 'short-circuit' && result === null;
    return isNothing && tool.responseFormat === 'content_and_artifact' ? ['null', undefined] : result;
  });
}

/** Caches a runnable that is used as a tool. */
function cachedInvoke(tool: AnyTool, options: CachedToolOptions): PropertyDescriptor {
  return hidden(async (input: any, config: ToolRunnableConfig = {}) => {
    let answered: CallStatus | undefined;
    const isCall = input?.type === 'tool_call';
    const result = await throughCache(
      callOf(tool, isCall ? input.args : input, isCall ? input.id : undefined, config, options),
      {
        ...options,
        onAnswered(status) {
          answered = status;
          options.onAnswered?.(status);
        },
      },
      (signal) => tool.invoke(input, { ...config, signal }),
    );
    if (answered !== 'hit' && answered !== 'stale') return result;
    // Callbacks lie inside of a runnable, so a hit is a run of its own.
    const { signal: _signal, tags = [], ...rest } = config;
    const replay = RunnableLambda.from<unknown, any>(() => result);
    return replay.invoke(input, { ...rest, runName: tool.name, tags: [...tags, 'cache:hit'] });
  });
}

function callOf(
  { name }: AnyTool,
  args: unknown,
  toolCallId: string | undefined,
  config: ToolRunnableConfig,
  { session }: CachedToolOptions,
): ToolCall {
  return { toolName: name, args: [args], toolCallId, session: session(config), signal: config.signal };
}

function hidden(value: unknown): PropertyDescriptor {
  return { value, configurable: true, writable: true };
}
