import type { CallOptions, ToolExtras } from '@keepstep/core';

import type { ModelTool } from '../models/chat-model.ts';
import { inputSchema, parseInput, type InputFields } from './tool-input.ts';

/** Is a tool as an agent uses it: described for the model, and wrapped by the cache. */
export interface AgentTool extends ModelTool {
  /**
   * Calls the tool with what the model sent.
   *
   * @throws ToolInputError for an input that does not fit
   */
  call(input: unknown, options: CallOptions): Promise<unknown>;
}

/** Hands a tool that the cache has wrapped to an agent. */
export function agentTool<F extends (input: any) => unknown>(
  tool: ToolExtras<F>,
  { description, input: fields }: { readonly description: string; readonly input: InputFields<Parameters<F>[0]> },
): AgentTool {
  return {
    name: tool.tool.name,
    description,
    parameters: inputSchema(fields),
    call: async (input, options) => tool.with(options)(...([parseInput(fields, input)] as unknown as Parameters<F>)),
  };
}
