import type { Session } from '@keepstep/core';
import type { ScriptedPolicy } from '@keepstep/core/testing';
import { keepstepMiddleware } from '@keepstep/langchain';
import { saying, type Stage } from '@keepstep/scenario-kit';
import { languageModel } from '@keepstep/scenario-kit/langchain';
import type { ClientTool } from '@langchain/core/tools';
import { createAgent, HumanMessage } from 'langchain';

import { accountMiddleware } from './account-middleware.ts';
import { supportPolicies } from './support-tools.ts';

const INSTRUCTIONS =
  'You work at a support desk. Read a ticket before you change it and after. Answer in one sentence.';

/** Is what an agent is to do. */
export interface Errand {
  readonly session: Session;
  readonly speaker: string;
  readonly prompt: string;
  readonly script: ScriptedPolicy;
}

/** Lets an agent of LangChain work, and tells people what is said. The middleware finds the session that is active around it. */
export async function workOnTicket(
  stage: Stage,
  tools: ClientTool[],
  { session, speaker, prompt, script }: Errand,
): Promise<string> {
  const { cache, account } = stage;
  const agent = createAgent({
    model: languageModel(stage.model(script)),
    tools,
    systemPrompt: INSTRUCTIONS,
    middleware: [accountMiddleware(account, cache, session), keepstepMiddleware({ cache, tools: supportPolicies })],
  });
  stage.say(saying(speaker, prompt));
  const { messages } = await agent.invoke({ messages: [new HumanMessage(prompt)] });
  const answer = messages.at(-1)?.text ?? '';
  stage.conversations.push({ session: session.id, prompt, answer });
  stage.say(saying(session.id, answer));
  return answer;
}
