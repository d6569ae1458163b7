import type { CallStatus, ToolCache, ToolCall, ToolOutcome, ToolPolicy } from '@keepstep/core';

import { isSteering, keptOutput, revivedOutput } from './kept-output.ts';
import { wasStoppedElsewhere } from './stopped-run.ts';

/** Is the part of a cache that a call goes through. */
export interface CachePassage {
  readonly cache: ToolCache;
  readonly policy: ToolPolicy;
  /** Is told how the call was answered. */
  readonly onAnswered: (status: CallStatus) => void;
}

/**
 * Runs a tool through a cache, and returns what the tool would: its result, or a generator of preliminary results that ends
 * with it, where the tool is one and runs for this call.
 */
export async function throughCache(
  call: ToolCall,
  passage: CachePassage,
  run: (signal: AbortSignal) => unknown,
): Promise<unknown> {
  let own: { readonly output: unknown; readonly kept: unknown } | undefined;
  const parts = passage.cache.stream(call, passage.policy, async function* work({ signal }) {
    const result = await run(signal);
    const output: unknown = isGenerator(result) ? yield* result : result;
    own = { output, kept: keptOutput(output) };
    return own.kept;
  });
  let first: IteratorResult<unknown, ToolOutcome>;
  try {
    first = await parts.next();
  } catch (error) {
    if (wasStoppedElsewhere(error, call.signal)) return alone();
    throw error;
  }
  return first.done === true ? answer(first.value) : stream(first);

  async function* stream(begun: IteratorResult<unknown, ToolOutcome>): AsyncGenerator<unknown, unknown, void> {
    let next = begun;
    try {
      while (next.done !== true) {
        yield next.value;
        next = await parts.next();
      }
      return await answer(next.value);
    } finally {
      // Whoever stops asking for parts stops waiting.
      await parts.return(undefined as never);
    }
  }

  async function answer({ status, value }: ToolOutcome): Promise<unknown> {
    if (status === 'coalesced' && isSteering(value)) {
      // It was meant for the call that ran.
      return alone();
    }
    passage.onAnswered(status);
    return own?.kept === value && own !== undefined ? own.output : revivedOutput(value, call.toolCallId);
  }

  /** Runs the tool for this call, which has counted for loops already. */
  function alone(): Promise<unknown> {
    const again = { ...passage, policy: { ...passage.policy, loop: false } as ToolPolicy };
    return throughCache({ ...call, cacheControl: 'bypass' }, again, run);
  }
}

function isGenerator(result: unknown): result is AsyncGenerator<unknown, unknown, void> {
  const { next, [Symbol.asyncIterator]: iterate } = Object(result) as Partial<AsyncGenerator>;
  return typeof next === 'function' && typeof iterate === 'function';
}
