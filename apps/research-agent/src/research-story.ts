import { createAgentState } from '@keepstep/core/state';
import { cacheTools } from '@keepstep/langchain';
import { KeepstepSaver } from '@keepstep/langgraph';
import { saying, WebApi, type ObservedSession, type SampleOptions, type Stage } from '@keepstep/scenario-kit';
import { languageModel } from '@keepstep/scenario-kit/langchain';

import { advanceThread } from './advance-thread.ts';
import { confusedResearcher } from './confused-researcher.ts';
import { observedTools } from './observed-tools.ts';
import { PaidWeb } from './paid-web.ts';
import { researchGraph } from './research-graph.ts';
import { researchPolicies, researchTools } from './research-tools.ts';
import { readThreadOptions, type ThreadOptions } from './thread-options.ts';

const LOOP = { maxToolRepeats: 3, maxExecutionDepth: 20, onLoop: 'stop' } as const;

/** Lets an agent search until it is stopped, and still get something out of it. What it does is kept, step by step. */
export async function researchStory(stage: Stage, options: SampleOptions): Promise<object> {
  const { crashAt, thread: kept, ...rest } = readThreadOptions(options);
  const { cache, store } = stage;
  const thread = kept ?? 'research';
  const tell = (who: string, text: string): void => stage.say(saying(who, text));

  const web = new WebApi(stage.clock);
  stage.watch(web);
  const bill = kept === undefined ? undefined : createAgentState({ store, namespace: cache.namespace }).data('bill');
  const paidWeb = new PaidWeb(web, bill, () => crashAt === 'call' && crash('call'));
  const session: ObservedSession = { id: thread, metrics: () => cache.openSession({ id: thread }).metrics() };
  const tools = cacheTools(researchTools(paidWeb), { cache, tools: researchPolicies, loop: LOOP });

  const graph = researchGraph({
    model: languageModel(stage.model(confusedResearcher)),
    tools,
    runTools: observedTools(tools, { cache, session, observer: stage.account, say: stage.say }),
    checkpointer: new KeepstepSaver({ store, namespace: cache.namespace }),
    tell,
    passing: (step) => step === crashAt && crash(step),
  });
  const { state, isWaiting } = await advanceThread(graph, thread, rest, tell);

  const { report, verdict, messages } = state;
  const prompt = messages[0]?.text ?? '';
  stage.conversations.push({ session: thread, prompt, answer: report });
  if (isWaiting)
    tell('agent', 'I am done with the search. Shall I write the report? --review approve, or --review reject');
  else tell('agent', report ?? `no report: the reviewer said ${verdict}`);
  const [stopped] = stage.account.loops;
  return {
    report,
    ...(stopped && { stoppedBy: stopped.message }),
    ...(kept !== undefined && { thread: kept, isWaiting, bill: await told(paidWeb, stage.say) }),
  };
}

/** Tells what all processes have paid for, and returns it. */
async function told(web: PaidWeb, say: (line: string) => void): ReturnType<PaidWeb['bill']> {
  const bill = await web.bill();
  say('');
  say('paid for by all processes of this thread');
  for (const [what, times] of Object.entries(bill)) say(`  ${times} x  ${what}`);
  return bill;
}

/** Ends the process as a power switch would: nothing is cleaned up. */
function crash(step: NonNullable<ThreadOptions['crashAt']>): void {
  console.log(`killed in the middle of ${step}`);
  process.kill(process.pid, 'SIGKILL');
}
