import { cacheTools } from '@keepstep/ai-sdk';
import type { ToolCache } from '@keepstep/core';
import type { ShopApi } from '@keepstep/scenario-kit';
import { tool } from 'ai';
import { z } from 'zod';

/** Is the tools of the shop. */
export type ShoppingTools = ReturnType<typeof shoppingTools>;

/**
 * Makes tools of the shop, and puts them behind the cache.
 *
 * A resource names the data a result depends on. Carts and products are what every agent of the shop sees, so their scope
 * is global; each cart is a resource of its own, so that one customer's shopping leaves the carts of others cached.
 */
export function shoppingTools(cache: ToolCache, shop: ShopApi) {
  const userId = z.string().describe('The customer, for example user_1');
  const productId = z.string().describe('The id of a product, from search_products');
  const tools = {
    search_products: tool({
      description: 'Lists the products that match a word, with their prices in cents.',
      inputSchema: z.object({ query: z.string().describe('One word, for example laptop') }),
      execute: ({ query }) => shop.searchProducts(query),
    }),
    get_product: tool({
      description: 'Returns everything about one product.',
      inputSchema: z.object({ productId }),
      execute: (input) => shop.getProduct(input.productId),
    }),
    get_cart: tool({
      description: "Returns a customer's cart with its total in cents.",
      inputSchema: z.object({ userId }),
      execute: (input) => shop.getCart(input.userId),
    }),
    add_to_cart: tool({
      description: "Puts one product into a customer's cart.",
      inputSchema: z.object({ userId, productId }),
      execute: (input) => shop.addToCart(input.userId, input.productId),
    }),
    checkout: tool({
      description: 'Buys what is in the cart, and empties it.',
      inputSchema: z.object({ userId }),
      execute: (input) => shop.checkout(input.userId),
    }),
  };
  return cacheTools(tools, {
    cache,
    tools: {
      // A list depends on all products.
      search_products: { kind: 'read', resource: 'product', scope: 'global', ttl: '5m' },
      get_product: { kind: 'read', resource: (input) => ['product', input.productId], scope: 'global', ttl: '5m' },
      get_cart: { kind: 'read', resource: (input) => ['cart', input.userId], scope: 'global', ttl: '2m' },
      add_to_cart: { kind: 'write', invalidates: (input) => ['cart', input.userId], scope: 'global' },
      checkout: { kind: 'write', invalidates: (input) => ['cart', input.userId], scope: 'global' },
    },
  });
}
