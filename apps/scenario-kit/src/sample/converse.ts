import { paint } from '../account/paint.ts';
import { runAgent, type AgentOptions, type AgentRun } from '../agent/run-agent.ts';
import type { Stage } from './stage.ts';

/** Is what an agent is to do, and who says so. */
export interface Exchange extends Omit<AgentOptions, 'observer'> {
  /** Names who talks to the agent, as it stands before what they say. Default: "user". */
  readonly speaker?: string;
  /** Names the agent, as it stands before its answer. Default: "agent". */
  readonly agentName?: string;
}

/** Lets somebody talk to an agent, and tells people what is said and done. */
export async function converse(
  stage: Stage,
  { speaker = 'user', agentName = 'agent', ...agent }: Exchange,
): Promise<AgentRun> {
  const { session, prompt } = agent;
  stage.say(saying(speaker, prompt));
  const run = await runAgent({ ...agent, observer: stage.account });
  stage.conversations.push({ session: session.id, prompt, answer: run.answer });
  if (run.loop !== undefined) {
    stage.say(saying('stopped', paint('red', run.loop.message)));
    stage.say(saying('hint', run.loop.hint));
  } else {
    stage.say(saying(agentName, run.answer ?? 'no answer: it was asked too often'));
  }
  return run;
}

/** Writes who says what. */
export function saying(speaker: string, text: string): string {
  return `${paint('bold', `${speaker}:`)} ${text}`;
}
