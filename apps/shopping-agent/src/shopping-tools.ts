import type { ToolCache } from '@keepstep/core';
import { agentTool, text, type AgentTool, type ShopApi } from '@keepstep/scenario-kit';

/**
 * Wraps the shop as tools of an agent.
 *
 * A resource names the data a result depends on. Carts and products are what every agent of the shop sees, so their scope
 * is global; each cart is a resource of its own, so that one customer's shopping leaves the carts of others cached.
 */
export function shoppingTools(cache: ToolCache, shop: ShopApi): AgentTool[] {
  const searchProducts = cache.read(({ query }: { query: string }) => shop.searchProducts(query), {
    name: 'search_products',
    resource: 'product', // a list depends on all products
    scope: 'global',
    ttl: '5m',
  });

  const getProduct = cache.read(({ productId }: { productId: string }) => shop.getProduct(productId), {
    name: 'get_product',
    resource: ({ productId }) => ['product', productId],
    scope: 'global',
    ttl: '5m',
  });

  const getCart = cache.read(({ userId }: { userId: string }) => shop.getCart(userId), {
    name: 'get_cart',
    resource: ({ userId }) => ['cart', userId],
    scope: 'global',
    ttl: '2m',
  });

  const addToCart = cache.write(
    ({ userId, productId }: { userId: string; productId: string }) => shop.addToCart(userId, productId),
    {
      name: 'add_to_cart',
      invalidates: ({ userId }) => ['cart', userId],
      scope: 'global',
    },
  );

  const checkout = cache.write(({ userId }: { userId: string }) => shop.checkout(userId), {
    name: 'checkout',
    invalidates: ({ userId }) => ['cart', userId],
    scope: 'global',
  });

  const userId = text('The customer, for example user_1');
  const productId = text('The id of a product, from search_products');
  return [
    agentTool(searchProducts, {
      description: 'Lists the products that match a word, with their prices in cents.',
      input: { query: text('One word, for example laptop') },
    }),
    agentTool(getProduct, { description: 'Returns everything about one product.', input: { productId } }),
    agentTool(getCart, { description: "Returns a customer's cart with its total in cents.", input: { userId } }),
    agentTool(addToCart, { description: "Puts one product into a customer's cart.", input: { userId, productId } }),
    agentTool(checkout, { description: 'Buys what is in the cart, and empties it.', input: { userId } }),
  ];
}
