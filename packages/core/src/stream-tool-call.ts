import type { ToolCache } from './tool-cache.ts';
import type { Execution, ToolCall, ToolOutcome } from './tool-call.ts';
import type { ToolPolicy } from './tool-policy.ts';

/** Runs a streaming tool: yields its preliminary results, and returns the result. */
export type StreamingExecute<Part, Result> = (execution: Execution) => AsyncGenerator<Part, Result, void>;

/**
 * Runs one call of a streaming tool through a cache.
 *
 * The tool runs at its own pace and for everybody who has joined the call; the one who runs it sees the parts, as fast as
 * it takes them. Whoever leaves early stops waiting, like a caller whose signal fires.
 */
export async function* streamToolCall<Part, Result>(
  run: ToolCache['call'],
  call: ToolCall,
  policy: ToolPolicy,
  execute: StreamingExecute<Part, Result>,
): AsyncGenerator<Part, ToolOutcome<Result>, void> {
  const parts: Part[] = [];
  const left = new AbortController();
  let isSettled = false;
  let news = Promise.withResolvers<void>();

  async function drain(execution: Execution): Promise<Result> {
    const running = execute(execution);
    for (;;) {
      const { done, value } = await running.next();
      if (done === true) return value;
      if (execution.signal.aborted) {
        await running.return(undefined as never);
        throw execution.signal.reason;
      }
      parts.push(value);
      news.resolve();
    }
  }
  function settle(): void {
    isSettled = true;
    news.resolve();
  }

  const signal = call.signal === undefined ? left.signal : AbortSignal.any([call.signal, left.signal]);
  const outcome = run({ ...call, signal }, policy, drain);
  outcome.then(settle, settle);
  try {
    for (;;) {
      while (parts.length > 0) yield parts.shift() as Part;
      if (isSettled) return await outcome;
      await news.promise;
      news = Promise.withResolvers();
    }
  } finally {
    if (!isSettled) left.abort();
  }
}
