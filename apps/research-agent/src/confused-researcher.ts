import { toolResults, type ModelTurn, type ScriptedPolicy } from '@keepstep/core/testing';

const QUERY = 'async python caching';
/** Is how many of the results it reads. */
const PAGES = 3;

/**
 * Researches like an agent that cannot accept that something is not to be found.
 *
 * It wants a benchmark. Whenever what it has read holds none, it searches for the same words again, as if the results
 * had to be others this time.
 */
export const confusedResearcher: ScriptedPolicy = (messages) => {
  const last = toolResults(messages).at(-1);
  const pages: WebPage[] = toolResults(messages, 'fetch_page').map(({ value }) => value);
  if (last === undefined) return search('I search.');
  // Refused: the hint says to work with what there is.
  if (last.failed) return { text: report(pages) };
  if (pages.some(({ text }) => text.includes('benchmark'))) return { text: report(pages) };
  if (last.toolName === 'fetch_page') return search('No benchmark yet. I search again.');

  const unread: string[] = last.value
    .slice(0, PAGES)
    .map(({ url }: WebPage) => url)
    .filter((url: string) => !pages.some((page) => page.url === url));
  if (unread.length === 0) return search('There has to be one. I search again.');
  const urls = pages.length === 0 ? unread.slice(0, 2) : unread.slice(0, 1);
  return { text: 'I read on.', calls: urls.map((url) => ({ toolName: 'fetch_page', input: { url } })) };
};

interface WebPage {
  readonly url: string;
  readonly title: string;
  readonly text: string;
}

function search(text: string): ModelTurn {
  return { text, calls: [{ toolName: 'search_web', input: { query: QUERY } }] };
}

function report(pages: readonly WebPage[]): string {
  const findings = pages.map(({ title, text, url }) => `- ${title}: ${text.split('. ').at(-1)} (${url})`);
  return [`${pages.length} pages say what to watch, none has a benchmark.`, ...findings].join('\n');
}
