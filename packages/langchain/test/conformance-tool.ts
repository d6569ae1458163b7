import type { AdapterAnswer, AdapterTool } from '@keepstep/core/testing';
import { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import { ToolMessage } from '@langchain/core/messages';
import { tool, type DynamicStructuredTool } from '@langchain/core/tools';
import { Command, GraphInterrupt } from '@langchain/langgraph';

import { isErrorText, isOldest } from './langchain-set.ts';

/** Begins the name of a tool that steers the graph: its result is no pair. */
const STEERING = 'steer_';

/**
 * Turns a tool of the suite into one of LangChain. Models get texts, so the result itself is the artifact; it comes back as it
 * is, and a text cannot be taken for a number.
 */
export function langchainTool({ name, run, stream }: AdapterTool): DynamicStructuredTool {
  const pair = (value: unknown): unknown => (isDirect(value) ? value : [JSON.stringify(value) ?? 'nothing', value]);
  const work =
    stream === undefined
      ? async (input: any, { signal }: any): Promise<unknown> => pair(await run(input, { signal }))
      : async function* work(input: any, { signal }: any): AsyncGenerator<unknown, unknown> {
          return pair(yield* stream(input, { signal }));
        };
  const responseFormat = name.startsWith(STEERING) ? 'content' : 'content_and_artifact';
  const schema = { type: 'object', properties: {}, additionalProperties: true } as const;
  const fields = { name, description: `The tool ${name}`, schema, responseFormat };
  return tool(work as never, fields);
}

/** Lists what a tool may do to steer the graph. */
export const controlFlow = [
  { name: 'a command', run: (): unknown => new Command({ update: { notes: 'seen' } }) },
  {
    name: 'an interrupt',
    run: (): unknown => {
      throw new GraphInterrupt([{ id: 'question', value: 'May I?' }]);
    },
  },
];

/** Keeps the preliminary results of streaming tools. */
export class PartListener extends BaseCallbackHandler {
  readonly name = 'part listener';
  readonly parts: unknown[] = [];
  override awaitHandlers = true;

  override handleToolEvent(part: unknown): void {
    this.parts.push(part);
  }
}

/** Reads the answer of a tool, as a model gets it. */
export function answerOf(message: unknown, parts: readonly unknown[]): AdapterAnswer {
  if (!ToolMessage.isInstance(message)) throw new Error(`no answer of a tool: ${JSON.stringify(message)}`);
  const { tool_call_id: toolCallId, artifact: value, text, status } = message;
  if (status === 'error' || (isOldest && isErrorText(text))) return { status: 'failed', toolCallId, message: text };
  return { status: 'answered', toolCallId, value, parts };
}

function isDirect(value: unknown): boolean {
  return (value as { lc_direct_tool_output?: boolean } | null | undefined)?.lc_direct_tool_output === true;
}
