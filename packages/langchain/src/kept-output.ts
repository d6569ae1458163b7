import { ToolMessage, type ToolMessageFields } from '@langchain/core/messages/tool';

/** Is the mark by which LangChain knows what it hands on as it is: messages and commands. */
interface DirectOutput {
  readonly lc_direct_tool_output: true;
  readonly status?: unknown;
}

/** Lists what of a message is true of every call, and so may be kept. Its ids are those of one call. */
const LASTING = [
  'content',
  'artifact',
  'name',
  'status',
  'metadata',
  'additional_kwargs',
  'response_metadata',
] as const;

/** Returns the form in which a result is kept: a message as a plain object without its ids, everything else as it is. */
export function keptOutput(output: unknown): unknown {
  if (!(output instanceof ToolMessage)) return output;
  const lasting = LASTING.map((name) => [name, output[name]]).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(lasting), lc_direct_tool_output: true };
}

/** Returns a kept result for the call with the given id: a message is a new one, and carries that id. */
export function revivedOutput(kept: unknown, toolCallId: string | undefined): unknown {
  if (!isDirect(kept) || isSteering(kept)) return kept;
  const { lc_direct_tool_output: _mark, ...fields } = kept;
  return new ToolMessage({ ...(fields as unknown as ToolMessageFields), tool_call_id: toolCallId ?? '' });
}

/** Tells whether a result steers the graph, as a `Command` does. It belongs to one call alone, and is never kept. */
export function isSteering(output: unknown): boolean {
  return isDirect(output) && Object.getPrototypeOf(output) !== Object.prototype;
}

/** Tells whether a kept result says that the tool has failed. */
export function isFailure(kept: unknown): boolean {
  return isDirect(kept) && kept.status === 'error';
}

function isDirect(output: unknown): output is DirectOutput {
  return (output as Partial<DirectOutput> | null | undefined)?.lc_direct_tool_output === true;
}
