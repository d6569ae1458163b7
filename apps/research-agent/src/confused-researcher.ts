import { toolResults, type ModelMessage, type ModelTurn, type ScriptedPolicy } from '@keepstep/core/testing';

import { INSTRUCTIONS } from './instructions.ts';

const QUERY = 'async python caching';
/** Is how many of the results it reads. */
const PAGES = 3;

/**
 * Researches like an agent that cannot accept that something is not to be found.
 *
 * Asked for a benchmark, it wants one. Whenever what it has read holds none, it searches for the same words again, as if
 * the results had to be others this time.
 */
export const confusedResearcher: ScriptedPolicy = (messages) => {
  const task = messages[0]?.content ?? '';
  if (task.startsWith(INSTRUCTIONS.plan))
    return { text: `search for "${QUERY}", read ${PAGES} pages, name the sources` };
  if (task.startsWith(INSTRUCTIONS.search)) return search('I search.');
  return task.startsWith(INSTRUCTIONS.respond) ? { text: report(messages) } : analyze(messages);
};

function analyze(messages: readonly ModelMessage[]): ModelTurn {
  const pages = pagesIn(messages);
  const isMissing = wantsBenchmark(messages) && !pages.some(({ text }) => text.includes('benchmark'));
  const last = toolResults(messages).at(-1);
  if (isMissing && last?.toolName === 'fetch_page') return search('No benchmark yet. I search again.');

  const found: WebPage[] = toolResults(messages, 'search_web').at(-1)?.value.results ?? [];
  const unread = found.slice(0, PAGES).filter(({ url }) => !pages.some((page) => page.url === url));
  if (unread.length === 0) {
    return isMissing ? search('There has to be one. I search again.') : { text: `${pages.length} pages are enough.` };
  }
  const urls = unread.slice(0, pages.length === 0 ? 2 : 1).map(({ url }) => url);
  return { text: 'I read on.', calls: urls.map((url) => ({ toolName: 'fetch_page', input: { url } })) };
}

interface WebPage {
  readonly url: string;
  readonly title: string;
  readonly text: string;
}

function search(text: string): ModelTurn {
  return { text, calls: [{ toolName: 'search_web', input: { query: QUERY } }] };
}

function report(messages: readonly ModelMessage[]): string {
  const pages = pagesIn(messages);
  const findings = pages.map(({ title, text, url }) => `- ${title}: ${text.split('. ').at(-1)} (${url})`);
  const verdict = wantsBenchmark(messages) ? 'say what to watch, none has a benchmark.' : 'say what to watch.';
  return [`${pages.length} pages ${verdict}`, ...findings].join('\n');
}

function pagesIn(messages: readonly ModelMessage[]): WebPage[] {
  return toolResults(messages, 'fetch_page').map(({ value }) => value);
}

function wantsBenchmark(messages: readonly ModelMessage[]): boolean {
  return messages.some(({ role, content }) => role === 'user' && content.includes('benchmark'));
}
