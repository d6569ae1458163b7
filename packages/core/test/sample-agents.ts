import { vi } from 'vitest';

import { createToolCache } from '../src/index.ts';
import { eventLog } from './event-log.ts';

/** Sets up the tools of a shop: carts that change, products that do not. */
export function givenShop() {
  const log = eventLog();
  const cache = createToolCache({ namespace: 'shop', onEvent: log.listener });
  const carts = new Map<string, string[]>();
  const fetchCart = vi.fn(async (userId: string) => ({ userId, items: [...(carts.get(userId) ?? [])] }));
  const fetchProduct = vi.fn(async (productId: string) => ({ productId, price: 10 }));
  const addItem = vi.fn(async (userId: string, item: string) => {
    carts.set(userId, [...(carts.get(userId) ?? []), item]);
    return 'added';
  });
  return {
    cache,
    log,
    fetchCart,
    fetchProduct,
    addItem,
    getCart: cache.read(fetchCart, { name: 'get_cart', resource: 'cart', scope: 'global', ttl: '60s' }),
    getProduct: cache.read(fetchProduct, { name: 'get_product', resource: 'product', scope: 'global', ttl: '5m' }),
    addToCart: cache.write(addItem, { name: 'add_to_cart', invalidates: 'cart', scope: 'global' }),
  };
}

/** Sets up the tools of a help desk, with scope `session`: `reads` tells which read of the ticket gave the answer. */
export function givenDesk() {
  const log = eventLog();
  const cache = createToolCache({ namespace: 'desk', onEvent: log.listener });
  const fetchTicket = vi.fn(async (id: string) => ({ id, reads: fetchTicket.mock.calls.length }));
  const putStatus = vi.fn(async (_id: string, status: string) => status);
  return {
    cache,
    log,
    fetchTicket,
    getTicket: cache.read(fetchTicket, { name: 'get_ticket', resource: 'ticket' }),
    updateTicket: cache.write(putStatus, { name: 'update_ticket', invalidates: 'ticket' }),
  };
}

/** Sets up a search that works and a payment that fails. */
export function givenSearch() {
  const log = eventLog();
  const cache = createToolCache({ namespace: 'research', onEvent: log.listener });
  const search = vi.fn(async (query: string) => [`about ${query}`]);
  const pay = vi.fn(async (_order: string): Promise<string> => {
    throw new Error('the provider is down');
  });
  return {
    cache,
    log,
    search,
    pay,
    searchWeb: cache.read(search, { name: 'search_web', resource: 'search', scope: 'global' }),
    charge: cache.write(pay, { name: 'charge_payment', invalidates: 'payment', scope: 'global' }),
  };
}
