import type { ToolCache } from '@keepstep/core';
import { agentTool, text, type AgentTool, type WebApi } from '@keepstep/scenario-kit';

/**
 * Wraps the web as tools of an agent.
 *
 * Nobody here writes to the web, so only the ttl says how old a result may get. The resources are there for whoever
 * knows better: `cache.invalidate('search')`.
 */
export function researchTools(cache: ToolCache, web: WebApi): AgentTool[] {
  const searchWeb = cache.read(({ query }: { query: string }) => web.search(query), {
    name: 'search_web',
    resource: 'search',
    scope: 'global', // the web looks the same to everybody
    ttl: '10m',
  });

  const fetchPage = cache.read(({ url }: { url: string }) => web.fetchPage(url), {
    name: 'fetch_page',
    resource: ({ url }) => ['page', url],
    scope: 'global',
    ttl: '10m',
  });

  return [
    agentTool(searchWeb, {
      description: 'Searches the web. Returns the five best pages.',
      input: { query: text('A few words') },
    }),
    agentTool(fetchPage, {
      description: 'Returns the text of a page.',
      input: { url: text('The address of a page, from search_web') },
    }),
  ];
}
