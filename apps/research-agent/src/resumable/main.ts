import { KeepstepError, storeFromUrl } from '@keepstep/core';
import { createAgentState } from '@keepstep/core/state';
import { UsageError } from '@keepstep/scenario-kit';

import { PaidWeb } from './paid-web.ts';
import { readResearchOptions, researchUsage, type ResearchOptions } from './research-options.ts';
import { research } from './research-run.ts';

const say = (line: string): void => console.log(line);

try {
  const options = readResearchOptions(process.argv.slice(2));
  if (options.help) say(researchUsage);
  else await work(options);
} catch (error) {
  if (!(error instanceof UsageError || KeepstepError.isInstance(error))) throw error;
  console.error(`research-agent: ${error.message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function work({ crashAt, run: id }: ResearchOptions): Promise<void> {
  const store = storeFromUrl(process.env['KEEPSTEP_STORE'] ?? 'memory:');
  try {
    await store.ready?.();
    say(
      `store: ${store.name}${store.shared ? '' : ', in which nothing survives the process: set KEEPSTEP_STORE=sqlite:./research.db'}`,
    );
    // The name of a worker of which there is one: started again, it goes on at once with what it held.
    const run = createAgentState({ store, namespace: 'research' }).run(id, { owner: 'research-agent' });
    const before = await run.state();
    const recorded = Object.keys(before?.results ?? {}).length;
    say(`run: ${id}, ${before === undefined ? 'new' : `${before.status}, ${recorded} recorded`}`);

    const web = new PaidWeb(say);
    const answer = await research(run, { web, say, passing: (step) => step === crashAt && crash(step) });
    await run.complete(answer);
    say(`calls that this process has paid for: ${web.paidCalls}`);
    say('');
    say(answer);
    say('');
    say('log:');
    for (const { id: number, type, data } of await run.log.read({ limit: 100 })) {
      const { step = '' } = (data ?? {}) as { step?: string };
      say(`  ${String(number).padStart(2)}  ${type.padEnd(15)} ${step}`.trimEnd());
    }
  } finally {
    await store.close();
  }
}

/** Ends the process as a power switch would: nothing is cleaned up. */
function crash(step: string): void {
  say(`  killed in the middle of ${step}`);
  process.kill(process.pid, 'SIGKILL');
}
