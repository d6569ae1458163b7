import type { Session, ToolCache, ToolCall, ToolPolicy } from '@keepstep/core';
import { sessionFrom, type SessionSource } from '@keepstep/core/adapter';

import { activeSpan, markSpan } from './active-span.ts';

/** Is what the SDK hands to a tool beside its input; `context` in version 7, `experimental_context` before. */
export interface ToolExecution {
  readonly toolCallId: string;
  readonly messages: readonly unknown[];
  readonly abortSignal?: AbortSignal | undefined;
  readonly context?: any;
  readonly experimental_context?: any;
}

/** Runs a tool: returns its result, a promise of it, or its preliminary results, the last of which is the result. */
export type Execute = (input: unknown, execution: ToolExecution) => unknown;

/** Is a tool and its place in the cache. */
export interface ExecuteOptions {
  readonly cache: ToolCache;
  readonly toolName: string;
  readonly policy: ToolPolicy;
  readonly session: SessionSource<ToolExecution> | undefined;
  /** Tells whether the tool gives preliminary results: the SDK wants to know before the first of them is there. */
  readonly isStreaming: boolean;
}

/** Returns an `execute` that goes through the cache. */
export function cachedExecute(execute: Execute, options: ExecuteOptions): Execute {
  const { cache, policy, isStreaming } = options;

  async function run(input: unknown, execution: ToolExecution): Promise<unknown> {
    const span = activeSpan();
    const { status, value } = await cache.call(toolCall(input, execution, options), policy, async ({ signal }) => {
      const result = execute(input, { ...execution, abortSignal: signal });
      return isAsyncIterable(result) ? lastOf(result) : result;
    });
    markSpan(span, status);
    return value;
  }

  async function* stream(input: unknown, execution: ToolExecution): AsyncGenerator<unknown, void> {
    const span = activeSpan();
    let isOwn = false;
    const outcome = yield* cache.stream(toolCall(input, execution, options), policy, ({ signal }) => {
      isOwn = true;
      return partsOf(execute(input, { ...execution, abortSignal: signal }));
    });
    markSpan(span, outcome.status);
    if (!isOwn) yield outcome.value;
  }

  return isStreaming ? stream : run;
}

function toolCall(input: unknown, execution: ToolExecution, { toolName, session }: ExecuteOptions): ToolCall {
  const { toolCallId, abortSignal } = execution;
  const own: Session | undefined = sessionFrom(session, execution);
  return { toolName, args: [input], toolCallId, session: own, signal: abortSignal };
}

function isAsyncIterable(result: unknown): result is AsyncIterable<unknown> {
  return typeof (result as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === 'function';
}

/** Yields the preliminary results of a tool, and returns the last of them. */
async function* partsOf(result: unknown): AsyncGenerator<unknown, unknown, void> {
  let last: unknown;
  for await (const part of isAsyncIterable(result) ? result : [result]) {
    last = part;
    yield part;
  }
  return last;
}

async function lastOf(parts: AsyncIterable<unknown>): Promise<unknown> {
  let last: unknown;
  for await (const part of parts) last = part;
  return last;
}
