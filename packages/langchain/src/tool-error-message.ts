import { ToolMessage } from '@langchain/core/messages';
import { MiddlewareError, ToolInvocationError } from 'langchain';

/**
 * Returns what an agent without middleware tells its model about the error of a tool; undefined for an error that is not
 * the tool's: what steers the graph, and what another middleware has thrown.
 *
 * LangChain does this by itself only while no middleware wraps its calls: with one, the error of a tool ends the agent.
 */
export function toolErrorMessage(
  error: unknown,
  call: { readonly name: string; readonly id?: string },
): ToolMessage | undefined {
  const isSteering = (error as { is_bubble_up?: boolean } | null | undefined)?.is_bubble_up === true;
  if (isSteering || error instanceof MiddlewareError) return undefined;
  const content = error instanceof ToolInvocationError ? error.message : `${String(error)}\n Please fix your mistakes.`;
  return new ToolMessage({ content, tool_call_id: call.id ?? '', name: call.name, status: 'error' });
}
