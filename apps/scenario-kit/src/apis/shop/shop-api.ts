import type { Clock } from '@keepstep/core';

import { Upstream } from '../upstream.ts';
import { catalogue, type Product } from './catalogue.ts';

/** Is one line of a cart or an order. */
export interface CartItem {
  readonly productId: string;
  readonly name: string;
  readonly priceCents: number;
  readonly quantity: number;
}

/** Is what a customer is about to buy. */
export interface Cart {
  readonly userId: string;
  readonly items: readonly CartItem[];
  readonly totalCents: number;
}

/** Is what a customer has bought. */
export interface Order {
  readonly id: string;
  readonly userId: string;
  readonly items: readonly CartItem[];
  readonly totalCents: number;
}

/** Is a product in a list of search results. */
export type ProductTeaser = Pick<Product, 'id' | 'name' | 'priceCents'>;

/** Reports a request that the shop refuses. */
class ShopError extends Error {
  override readonly name = 'ShopError';
}

/** Is a web shop with a catalogue, one cart for each user, and their orders. */
export class ShopApi {
  readonly upstream: Upstream;
  readonly orders: Order[] = [];
  readonly #carts = new Map<string, CartItem[]>();

  constructor(clock: Clock) {
    this.upstream = new Upstream('shop', clock);
  }

  /** Lists the products whose category, name or description contains the query. */
  searchProducts(query: string): Promise<ProductTeaser[]> {
    return this.upstream.request('search', 180, () => {
      const wanted = query.toLowerCase();
      return catalogue
        .filter((product) =>
          `${product.category} ${product.name} ${product.description}`.toLowerCase().includes(wanted),
        )
        .map(({ id, name, priceCents }) => ({ id, name, priceCents }));
    });
  }

  getProduct(productId: string): Promise<Product> {
    return this.upstream.request('get product', 120, () => findProduct(productId));
  }

  getCart(userId: string): Promise<Cart> {
    return this.upstream.request('get cart', 90, () => this.#cartOf(userId));
  }

  addToCart(userId: string, productId: string): Promise<{ added: string; items: number }> {
    return this.upstream.request('add to cart', 140, () => {
      const { id, name, priceCents } = findProduct(productId);
      const items = this.#carts.get(userId) ?? [];
      const quantity = (items.find((item) => item.productId === id)?.quantity ?? 0) + 1;
      const others = items.filter((item) => item.productId !== id);
      this.#carts.set(userId, [...others, { productId: id, name, priceCents, quantity }]);
      return { added: id, items: others.length + 1 };
    });
  }

  /** Turns the cart into an order and empties it. */
  checkout(userId: string): Promise<Order> {
    return this.upstream.request('checkout', 250, () => {
      const { items, totalCents } = this.#cartOf(userId);
      if (items.length === 0) throw new ShopError(`The cart of ${userId} is empty.`);
      const order = { id: `ORD-${1001 + this.orders.length}`, userId, items, totalCents };
      this.orders.push(order);
      this.#carts.delete(userId);
      return order;
    });
  }

  /** Puts a product into a cart without a request, to set the scene. */
  seedCart(userId: string, productId: string): void {
    const { id, name, priceCents } = findProduct(productId);
    const items = this.#carts.get(userId) ?? [];
    this.#carts.set(userId, [...items, { productId: id, name, priceCents, quantity: 1 }]);
  }

  #cartOf(userId: string): Cart {
    const items = this.#carts.get(userId) ?? [];
    return { userId, items, totalCents: items.reduce((sum, item) => sum + item.priceCents * item.quantity, 0) };
  }
}

function findProduct(productId: string): Product {
  const product = catalogue.find(({ id }) => id === productId);
  if (product === undefined) throw new ShopError(`There is no product ${productId}.`);
  return product;
}
