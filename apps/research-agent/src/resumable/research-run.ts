import type { AgentRun } from '@keepstep/core/state';
import type { PaidWeb } from './paid-web.ts';
import type { ResearchStep } from './research-options.ts';

/** Is what the run needs of the world around it. */
export interface ResearchWorld {
  readonly web: PaidWeb;
  readonly say: (line: string) => void;
  /** Is called in the middle of each step: the moment for a crash. */
  readonly passing: (step: ResearchStep) => void;
}

const QUERY = 'async python caching';
/** Is how many pages are read. */
const PAGES = 3;

/**
 * Searches, reads, answers: a run of three steps. Started again after a crash, it goes through the same lines; what is
 * recorded returns at once, and only the rest is executed.
 */
export async function research(run: AgentRun, { web, say, passing }: ResearchWorld): Promise<string> {
  const results = await run.step('search', () => {
    say('search');
    passing('search');
    return web.search(QUERY);
  });

  const findings = await run.step('analyze', async (context) => {
    say('analyze');
    const found: string[] = [];
    for (const { url, title } of results.slice(0, PAGES)) {
      // A step of its own: what was paid for within a step is not lost with it.
      const page = await context.step('page', () => web.fetchPage(url), { key: url });
      found.push(`${title}: ${page.text.split('. ').at(-1)}`);
      if (found.length === 2) passing('analyze');
    }
    return found;
  });

  return run.step('respond', () => {
    say('respond');
    passing('respond');
    return [`What ${findings.length} pages say on ${QUERY}:`, ...findings.map((finding) => `- ${finding}`)].join('\n');
  });
}
