import type { ToolPolicy } from '@keepstep/core';
import { tool, type ClientTool } from '@langchain/core/tools';
import { z } from 'zod';

import type { PaidWeb } from './paid-web.ts';

/** Makes tools of the web. They know nothing of a cache. */
export function researchTools(web: Pick<PaidWeb, 'search' | 'fetchPage'>): ClientTool[] {
  return [
    tool(async ({ query }: { query: string }) => ({ results: await web.search(query) }), {
      name: 'search_web',
      description: 'Searches the web. Returns the five best pages.',
      schema: z.object({ query: z.string().describe('A few words') }),
    }),
    tool(({ url }: { url: string }) => web.fetchPage(url), {
      name: 'fetch_page',
      description: 'Returns the text of a page.',
      schema: z.object({ url: z.string().describe('The address of a page, from search_web') }),
    }),
  ];
}

/**
 * Says what the tools are to the cache.
 *
 * Nobody here writes to the web, so only the ttl says how old a result may get. The resources are there for whoever
 * knows better: `cache.invalidate('search')`. The web looks the same to everybody, hence the scope.
 */
export const researchPolicies: Readonly<Record<string, ToolPolicy>> = {
  search_web: { kind: 'read', resource: 'search', scope: 'global', ttl: '10m' },
  fetch_page: { kind: 'read', resource: ({ url }) => ['page', url], scope: 'global', ttl: '10m' },
};
