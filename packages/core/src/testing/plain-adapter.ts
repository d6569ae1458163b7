import type { ToolCache } from '../tool-cache.ts';
import type { Execution, ToolCall, ToolOutcome } from '../tool-call.ts';
import type { ToolPolicy } from '../tool-policy.ts';
import type { AdapterAnswer, AdapterCall, AdapterConnection, AdapterTool } from './adapter-port.ts';

/** Is the policy of a tool that no policy names. */
const OTHER: ToolPolicy = { kind: 'other' };

/** Is the least that an adapter does, step by step, so that each step can be done wrongly. */
export interface AdapterSteps {
  /** Turns the framework's call into a call of the cache. */
  readonly toolCall: (call: AdapterCall) => ToolCall;
  readonly policy: (tool: AdapterTool) => ToolPolicy;
  /** Runs the call. */
  readonly run: (cache: ToolCache, call: ToolCall, policy: ToolPolicy, execute: PlainExecute) => Promise<ToolOutcome>;
  /** Takes a part of a stream. */
  readonly part: (part: unknown, parts: unknown[]) => void;
  /** Turns an outcome into what goes back to the model. */
  readonly answer: (call: AdapterCall, value: unknown, parts: readonly unknown[]) => AdapterAnswer;
  readonly failure: (call: AdapterCall, error: unknown) => AdapterAnswer;
}

type PlainExecute = (execution: Execution) => unknown;

/** Does every step as it is to be done. */
export const RIGHT: AdapterSteps = {
  toolCall: ({ toolName, input, toolCallId, session, signal }) => ({
    toolName,
    args: [input],
    toolCallId,
    session,
    signal,
  }),
  policy: ({ policy = OTHER }) => (policy.kind === 'read' ? keepingSuccess(policy) : policy),
  run: (cache, call, policy, execute) => cache.call(call, policy, execute),
  part: (part, parts) => void parts.push(part),
  answer: ({ toolCallId }, value, parts) => ({ status: 'answered', toolCallId, value, parts }),
  failure: ({ toolCallId }, error) => ({ status: 'failed', toolCallId, error, message: (error as Error).message }),
};

/** Connects tools to a cache with no framework between them: the suite, tried on itself. */
export function plainAdapter(cache: ToolCache, tools: readonly AdapterTool[], steps: AdapterSteps): AdapterConnection {
  const policies = new Map(tools.map((tool) => [tool.name, steps.policy(tool)]));
  return async (call) => {
    const tool = tools.find(({ name }) => name === call.toolName) as AdapterTool;
    const policy = policies.get(call.toolName) as ToolPolicy;
    const parts: unknown[] = [];
    try {
      const { stream } = tool;
      if (stream === undefined) {
        const execute = (execution: Execution): unknown => tool.run(call.input, execution);
        return steps.answer(call, (await steps.run(cache, steps.toolCall(call), policy, execute)).value, parts);
      }
      const running = cache.stream(steps.toolCall(call), policy, (execution) => stream(call.input, execution));
      for (;;) {
        const { done, value } = await running.next();
        if (done === true) return steps.answer(call, value.value, parts);
        steps.part(value, parts);
      }
    } catch (error) {
      return steps.failure(call, error);
    }
  };
}

function keepingSuccess(policy: ToolPolicy & { kind: 'read' }): ToolPolicy {
  return { ...policy, cacheIf: (result) => (result as { failed?: unknown } | null)?.failed === undefined };
}
