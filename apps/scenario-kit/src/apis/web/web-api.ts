import type { Clock } from '@keepstep/core';

import { Upstream } from '../upstream.ts';
import { pages, type WebPage } from './pages.ts';
import { rankPages } from './ranking.ts';

/** Is one result of a search. */
export interface SearchResult {
  readonly url: string;
  readonly title: string;
  readonly snippet: string;
}

/** Reports a page that is not there. */
class WebError extends Error {
  override readonly name = 'WebError';
}

/** Is a search engine, and the web behind it. */
export class WebApi {
  readonly upstream: Upstream;

  constructor(clock: Clock) {
    this.upstream = new Upstream('web', clock);
  }

  /** Lists the pages that match best, at most five. */
  search(query: string): Promise<SearchResult[]> {
    return this.upstream.request('search', 650, () =>
      rankPages(query, pages)
        .slice(0, 5)
        .map(({ page: { url, title, text } }) => ({ url, title, snippet: firstSentence(text) })),
    );
  }

  fetchPage(url: string): Promise<WebPage> {
    return this.upstream.request('fetch page', 320, () => {
      const page = pages.find((each) => each.url === url);
      if (page === undefined) throw new WebError(`404: ${url}`);
      return page;
    });
  }
}

function firstSentence(text: string): string {
  return /^.+?[.!?](?= |$)/.exec(text)?.[0] ?? text;
}
