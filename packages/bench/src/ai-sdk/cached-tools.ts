import { cached } from '@ai-sdk-tools/cache';
import { cacheTools } from '@keepstep/ai-sdk';
import { createToolCache, memoryStore, type Isolation } from '@keepstep/core';
import { tool } from 'ai';
import { z } from 'zod';

import { TTL_MS } from '../contenders/contender.ts';
import type { Entrant } from '../report/table.ts';
import type { Input } from './input.ts';

/** Is how the SDK calls a tool. */
type Execute = (input: Input) => unknown;

/** Is one way of caching a tool of the SDK. */
export interface CachedTool extends Entrant {
  /** Wraps a tool, with room for so many results. */
  readonly wrap: (load: (input: Input) => Promise<unknown>, maxEntries: number) => Execute;
  /** Tells that nothing is cached: the tool alone, to compare with. */
  readonly isBare?: boolean;
}

const EXECUTION = { toolCallId: 'call_1', messages: [], context: undefined as never };

/** Lists the ways of caching a tool, side by side. */
export const cachedTools: readonly CachedTool[] = [
  ...(['copy', 'share'] as const).map((isolation): CachedTool => ({
    contender: isolation === 'copy' ? 'Keepstep cacheTools' : 'Keepstep cacheTools, isolation "share"',
    package: '@keepstep/ai-sdk',
    note: isolation === 'copy' ? 'each hit a copy of its own' : 'the very object',
    wrap: (load, maxEntries) => keepstep(load, maxEntries, isolation),
  })),
  {
    contender: 'Keepstep cacheTools, in a session, loop detection',
    package: '@keepstep/ai-sdk',
    note: 'each hit a copy of its own',
    wrap: (load, maxEntries) => keepstep(load, maxEntries, 'copy', true),
  },
  {
    contender: '@ai-sdk-tools/cache cached',
    package: '@ai-sdk-tools/cache',
    note: 'the very object; the key has no name of the tool; nothing is invalidated',
    wrap(load, maxSize) {
      const wrapped = cached(toolOf(load), { ttl: TTL_MS, maxSize });
      return (input) => wrapped.execute(input, EXECUTION);
    },
  },
  {
    contender: 'the tool alone',
    isBare: true,
    wrap(load) {
      const bare = toolOf(load);
      return (input) => bare.execute(input, EXECUTION);
    },
  },
];

function toolOf(load: (input: Input) => Promise<unknown>) {
  return tool({ description: 'Returns a cart', inputSchema: z.object({ userId: z.string() }), execute: load });
}

function keepstep(
  load: (input: Input) => Promise<unknown>,
  maxEntries: number,
  isolation: Isolation,
  inSession = false,
): Execute {
  const cache = createToolCache({ store: memoryStore({ maxEntries, maxBytes: Infinity }), ttl: TTL_MS });
  const session = inSession ? cache.openSession({ maxToolRepeats: Infinity, maxExecutionDepth: Infinity }) : undefined;
  const { get_cart } = cacheTools(
    { get_cart: toolOf(load) },
    {
      cache,
      ...(session && { session }),
      tools: {
        get_cart: {
          kind: 'read',
          resource: ({ userId }) => ['cart', userId],
          scope: inSession ? 'session' : 'global',
          isolation,
        },
      },
    },
  );
  return (input) => get_cart.execute(input, EXECUTION);
}
