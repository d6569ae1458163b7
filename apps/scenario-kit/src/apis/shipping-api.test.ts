import { expect, it } from 'vitest';

import { SimulatedClock } from '../time/simulated-clock.ts';
import { ShippingApi } from './shipping-api.ts';

it('quotes by weight and zone, the cheapest first', async () => {
  const shipping = new ShippingApi(new SimulatedClock());
  expect(await shipping.quote('FR', 1200)).toEqual([
    { carrier: 'Slowboat', priceCents: 740, days: 10 },
    { carrier: 'Parcel Union', priceCents: 1220, days: 4 },
    { carrier: 'Bullfinch Express', priceCents: 2740, days: 2 },
  ]);
});

it('fails at the same places for the same seed', async () => {
  const outcomes = async (): Promise<string[]> => {
    const shipping = new ShippingApi(new SimulatedClock(), { failureRate: 0.5, seed: 3 });
    const requests = Array.from({ length: 8 }, () => shipping.quote('DE', 100));
    return (await Promise.allSettled(requests)).map(({ status }) => status);
  };
  expect(await outcomes()).toEqual(await outcomes());
  expect(new Set(await outcomes())).toEqual(new Set(['fulfilled', 'rejected']));
});

it('says where no carrier delivers', async () => {
  const shipping = new ShippingApi(new SimulatedClock());
  await expect(shipping.quote('AQ', 100)).rejects.toThrow('No carrier delivers to AQ.');
});
