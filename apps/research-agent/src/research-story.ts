import { concludeAgent, converse, saying, WebApi, type Stage } from '@keepstep/scenario-kit';

import { confusedResearcher } from './confused-researcher.ts';
import { researchTools } from './research-tools.ts';

/** Lets an agent search until it is stopped, and still get something out of it. */
export async function researchStory(stage: Stage): Promise<object> {
  const web = new WebApi(stage.clock);
  stage.watch(web);
  const tools = researchTools(stage.cache, web);
  const model = stage.model(confusedResearcher);

  const limits = { maxToolRepeats: 3, maxExecutionDepth: 20, onLoop: 'raise' } as const;
  const run = await stage.cache.session({ id: 'research', ...limits }, (session) =>
    converse(stage, {
      session,
      model,
      tools,
      instructions: 'You research on the web: search, read pages, then answer in a few lines with your sources.',
      prompt: 'What do I have to watch when I cache async Python functions? I need benchmark figures, too.',
    }),
  );
  if (run.loop === undefined) return { report: run.answer };

  const report = await concludeAgent(model, run, tools);
  stage.say(saying('agent', report));
  return { report, stoppedBy: run.loop.message };
}
