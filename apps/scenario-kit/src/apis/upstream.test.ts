import { expect, it } from 'vitest';

import { SimulatedClock } from '../time/simulated-clock.ts';
import { Upstream } from './upstream.ts';

it('takes the time of its latency', async () => {
  const clock = new SimulatedClock(0);
  const upstream = new Upstream('shop', clock);
  expect(await upstream.request('GET /carts', 60, () => 'a cart')).toBe('a cart');
  expect(clock.now()).toBe(60);
});

it('counts requests by operation, those that fail too', async () => {
  const upstream = new Upstream('shop', new SimulatedClock());
  const failing = (): never => {
    throw new Error('out of order');
  };
  await upstream.request('GET /carts', 5, () => 'a cart');
  await expect(upstream.request('GET /carts', 5, failing)).rejects.toThrow('out of order');
  await upstream.request('POST /orders', 5, () => 'an order');
  expect(upstream.counts()).toEqual({ 'GET /carts': 2, 'POST /orders': 1 });
  expect(upstream.total).toBe(3);
});

it('hands out copies, so that nobody changes its data from outside', async () => {
  const upstream = new Upstream('shop', new SimulatedClock());
  const cart = { items: ['mouse'] };
  const answer = await upstream.request('GET /carts', 5, () => cart);
  answer.items.push('keyboard');
  expect(cart.items).toEqual(['mouse']);
});
