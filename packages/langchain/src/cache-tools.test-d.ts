import { createToolCache } from '@keepstep/core';
import { tool, type StructuredToolInterface } from '@langchain/core/tools';
import { createAgent } from 'langchain';
import { z } from 'zod';

import { cacheTool, cacheTools, keepstepMiddleware } from './index.ts';

const cache = createToolCache();
const getCart = tool(({ userId }) => ({ items: [userId] }), {
  name: 'get_cart',
  description: 'reads',
  schema: z.object({ userId: z.string() }),
});
const clearCart = tool(({ userId, all }) => `${userId} ${all}`, {
  name: 'clear_cart',
  description: 'writes',
  schema: z.object({ userId: z.string(), all: z.boolean().default(false) }),
});

// The result has the very same types.
const [cachedGet, cachedClear] = cacheTools([getCart, clearCart], {
  cache,
  tools: {
    get_cart: { kind: 'read', resource: ({ userId }) => ['cart', userId.toUpperCase()] },
    // Policies see parsed arguments, defaults included.
    clear_cart: { kind: 'write', invalidates: ({ userId, all }) => (all ? 'cart' : ['cart', userId]) },
  },
});
export const same: [typeof getCart, typeof clearCart] = [cachedGet, cachedClear];
export const one: typeof getCart = cacheTool(getCart, { cache, policy: { kind: 'read' } });

// A list that tells no names, like that of an MCP server, takes policies by any name.
declare const listed: StructuredToolInterface[];
export const many: StructuredToolInterface[] = cacheTools(listed, {
  cache,
  tools: { get_cart: { kind: 'read', resource: ({ userId }) => ['cart', userId] } },
});

// @ts-expect-error There is no such tool.
cacheTools([getCart], { cache, tools: { get_crat: { kind: 'read' } } });
// @ts-expect-error The input has no such property.
cacheTools([getCart], { cache, tools: { get_cart: { kind: 'read', resource: ({ user }) => ['cart', user] } } });
// @ts-expect-error A write says what it invalidates.
cacheTool(clearCart, { cache, policy: { kind: 'write' } });

// The middleware leaves the state of an agent as it is.
const agent = createAgent({
  model: 'openai:gpt-5-mini',
  tools: [getCart],
  stateSchema: z.object({ budget: z.number() }),
  middleware: [keepstepMiddleware({ cache })],
});
export type Budget = Awaited<ReturnType<typeof agent.invoke>>['budget'];
export const budget: Budget = 3;
// @ts-expect-error It is a number.
export const noBudget: Budget = 'three';
