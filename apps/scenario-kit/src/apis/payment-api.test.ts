import { expect, it } from 'vitest';

import { SimulatedClock } from '../time/simulated-clock.ts';
import { PaymentApi } from './payment-api.ts';

it('declines the same card every time', async () => {
  const payments = new PaymentApi(new SimulatedClock(), { declined: ['ORD-1'] });
  const refusal = { name: 'PaymentError', code: 'card_declined', message: 'The card of ORD-1 was declined.' };
  await expect(payments.charge('ORD-1', 9999)).rejects.toMatchObject(refusal);
  await expect(payments.charge('ORD-1', 9999)).rejects.toMatchObject(refusal);
  expect(payments.charges).toEqual([]);
});

it('charges other cards once for every request', async () => {
  const payments = new PaymentApi(new SimulatedClock(), { declined: ['ORD-1'] });
  expect(await payments.charge('ORD-2', 500)).toEqual({ chargeId: 'ch_1', amountCents: 500 });
  expect(payments.charges).toEqual([{ orderId: 'ORD-2', amountCents: 500 }]);
});

it('fails at the same places for the same seed', async () => {
  const outcomes = async (seed: number): Promise<string[]> => {
    const payments = new PaymentApi(new SimulatedClock(), { failureRate: 0.5, seed });
    const attempts = Array.from({ length: 8 }, (_, index) => payments.charge(`ORD-${index}`, 100));
    return (await Promise.allSettled(attempts)).map(({ status }) => status);
  };
  const first = await outcomes(7);
  expect(await outcomes(7)).toEqual(first);
  expect(new Set(first)).toEqual(new Set(['fulfilled', 'rejected']));
});
