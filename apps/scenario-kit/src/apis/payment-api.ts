import type { Clock } from '@keepstep/core';

import { seededRandom } from './seeded-random.ts';
import { Upstream } from './upstream.ts';

/** Reports a charge that failed. */
export class PaymentError extends Error {
  override readonly name = 'PaymentError';
  readonly code: 'card_declined' | 'processor_unavailable';

  constructor(code: PaymentError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Configures the payment API. */
export interface PaymentApiOptions {
  /** Lists the orders whose card is declined, every time. */
  readonly declined?: readonly string[];
  /** Is the share of charges that fail for no fault of the card, from 0 to 1. Default: 0. */
  readonly failureRate?: number;
  /** Chooses which ones. Default: 1. */
  readonly seed?: number;
}

/** Is a payment processor. */
export class PaymentApi {
  readonly upstream: Upstream;
  /** Lists the charges that went through. */
  readonly charges: { readonly orderId: string; readonly amountCents: number }[] = [];
  /** Lists the very errors that were thrown. */
  readonly thrown: PaymentError[] = [];
  readonly #declined: readonly string[];
  readonly #failureRate: number;
  readonly #random: () => number;

  constructor(clock: Clock, options: PaymentApiOptions = {}) {
    this.upstream = new Upstream('payment', clock);
    this.#declined = options.declined ?? [];
    this.#failureRate = options.failureRate ?? 0;
    this.#random = seededRandom(options.seed ?? 1);
  }

  charge(orderId: string, amountCents: number): Promise<{ chargeId: string; amountCents: number }> {
    return this.upstream.request('charge', 400, () => {
      if (this.#declined.includes(orderId))
        throw this.#failure('card_declined', `The card of ${orderId} was declined.`);
      if (this.#random() < this.#failureRate)
        throw this.#failure('processor_unavailable', 'The processor does not answer.');
      this.charges.push({ orderId, amountCents });
      return { chargeId: `ch_${this.charges.length}`, amountCents };
    });
  }

  #failure(code: PaymentError['code'], message: string): PaymentError {
    const error = new PaymentError(code, message);
    this.thrown.push(error);
    return error;
  }
}
