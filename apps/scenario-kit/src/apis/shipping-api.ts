import type { Clock } from '@keepstep/core';

import { seededRandom } from './seeded-random.ts';
import { Upstream } from './upstream.ts';

/** Is what a carrier asks for a parcel. */
export interface ShippingQuote {
  readonly carrier: string;
  readonly priceCents: number;
  readonly days: number;
}

/** Reports that the carriers could not be reached. */
class ShippingError extends Error {
  override readonly name = 'ShippingError';
}

/** Configures the shipping API. */
export interface ShippingApiOptions {
  /** Is the share of requests that fail, from 0 to 1. Default: 0. */
  readonly failureRate?: number;
  /** Chooses which ones. Default: 1. */
  readonly seed?: number;
}

/** Is a broker that asks several carriers for a quote: slow, and not always there. */
export class ShippingApi {
  readonly upstream: Upstream;
  readonly #failureRate: number;
  readonly #random: () => number;

  constructor(clock: Clock, { failureRate = 0, seed = 1 }: ShippingApiOptions = {}) {
    this.upstream = new Upstream('shipping', clock);
    this.#failureRate = failureRate;
    this.#random = seededRandom(seed);
  }

  /** Lists the quotes for a parcel, the cheapest first. */
  quote(country: string, weightGrams: number): Promise<ShippingQuote[]> {
    return this.upstream.request('quote', 900, () => {
      if (this.#random() < this.#failureRate) throw new ShippingError('The carriers do not answer.');
      const zone = ZONES[country];
      if (zone === undefined) throw new ShippingError(`No carrier delivers to ${country}.`);
      return CARRIERS.map(({ carrier, baseCents, perKiloCents, days }) => ({
        carrier,
        priceCents: zone * (baseCents + perKiloCents * Math.ceil(weightGrams / 1000)),
        days: zone * days,
      })).toSorted((one, other) => one.priceCents - other.priceCents);
    });
  }
}

const ZONES: Readonly<Record<string, number>> = { DE: 1, NL: 1, AT: 1, FR: 2, ES: 2, PT: 2, US: 4 };

const CARRIERS = [
  { carrier: 'Bullfinch Express', baseCents: 1190, perKiloCents: 90, days: 1 },
  { carrier: 'Parcel Union', baseCents: 490, perKiloCents: 60, days: 2 },
  { carrier: 'Slowboat', baseCents: 290, perKiloCents: 40, days: 5 },
];
