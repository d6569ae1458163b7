import { beforeEach, expect, it } from 'vitest';

import { SimulatedClock } from '../../time/simulated-clock.ts';
import { catalogue } from './catalogue.ts';
import { ShopApi } from './shop-api.ts';

let shop: ShopApi;

beforeEach(() => {
  shop = new ShopApi(new SimulatedClock());
});

it('finds products by category, name and description', async () => {
  expect((await shop.searchProducts('laptop')).map(({ id }) => id)).toEqual([
    'laptop-air-13',
    'laptop-pro-16',
    'laptop-go-14',
    'sleeve-13',
  ]);
  expect(await shop.searchProducts('MOUSE')).toEqual([{ id: 'mouse-wireless', name: 'Drift Mouse', priceCents: 2990 }]);
});

it('adds up the cart in cents', async () => {
  await shop.addToCart('user_1', 'mouse-wireless');
  await shop.addToCart('user_1', 'mouse-wireless');
  await shop.addToCart('user_1', 'earbuds');
  expect(await shop.getCart('user_1')).toMatchObject({ totalCents: 2 * 2990 + 9990 });
});

it('keeps the carts of two users apart', async () => {
  await shop.addToCart('user_1', 'mouse-wireless');
  expect(await shop.getCart('user_2')).toEqual({ userId: 'user_2', items: [], totalCents: 0 });
});

it('turns the cart into an order and empties it', async () => {
  await shop.addToCart('user_1', 'earbuds');
  const order = await shop.checkout('user_1');
  expect(order).toMatchObject({ id: 'ORD-1001', totalCents: 9990 });
  expect(shop.orders).toEqual([order]);
  expect(await shop.getCart('user_1')).toMatchObject({ items: [], totalCents: 0 });
});

it('refuses to check out an empty cart, and products that it does not sell', async () => {
  await expect(shop.checkout('user_1')).rejects.toThrow('The cart of user_1 is empty.');
  await expect(shop.getProduct('unicorn')).rejects.toThrow('There is no product unicorn.');
});

it('sells every product once, at a price in whole cents', () => {
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
  expect(catalogue.every(({ priceCents }) => Number.isInteger(priceCents) && priceCents > 0)).toBe(true);
});
