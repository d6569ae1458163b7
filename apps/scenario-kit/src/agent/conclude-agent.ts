import type { ChatModel } from '../models/chat-model.ts';
import type { AgentTool } from './agent-tool.ts';
import type { AgentRun } from './run-agent.ts';

/**
 * Asks an agent that was stopped to answer with what it has.
 *
 * The last message it reads is the refusal of its call, with the hint what to do instead; calling tools is over.
 */
export async function concludeAgent(model: ChatModel, run: AgentRun, tools: readonly AgentTool[]): Promise<string> {
  const { text } = await model.next(run.messages, { tools, mayCallTools: false });
  return text;
}
