import type { Clock } from '@keepstep/core';

import { Upstream } from './upstream.ts';

/** Is an order that waits to be paid and sent. */
export interface PendingOrder {
  readonly id: string;
  readonly customer: string;
  readonly email: string;
  readonly amountCents: number;
  readonly country: string;
  readonly weightGrams: number;
}

/** Reports a request that the order system refuses. */
class OrderError extends Error {
  override readonly name = 'OrderError';
}

/** Is the order system of a shop. */
export class OrderApi {
  readonly upstream: Upstream;

  constructor(clock: Clock) {
    this.upstream = new Upstream('orders', clock);
  }

  getOrder(orderId: string): Promise<PendingOrder> {
    return this.upstream.request('get order', 100, () => {
      const order = ORDERS.find(({ id }) => id === orderId);
      if (order === undefined) throw new OrderError(`There is no order ${orderId}.`);
      return order;
    });
  }
}

const ORDERS: readonly PendingOrder[] = [
  {
    id: 'ORD-1',
    customer: 'Ada Byron',
    email: 'ada@example.com',
    amountCents: 9_999,
    country: 'NL',
    weightGrams: 1_340,
  },
  {
    id: 'ORD-2',
    customer: 'Jean Bartik',
    email: 'jean@example.com',
    amountCents: 27_950,
    country: 'FR',
    weightGrams: 254,
  },
];
