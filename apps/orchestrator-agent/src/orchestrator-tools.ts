import type { ToolCache } from '@keepstep/core';
import {
  agentTool,
  text,
  wholeNumber,
  type AgentTool,
  type EmailApi,
  type OrderApi,
  type PaymentApi,
  type ShippingApi,
} from '@keepstep/scenario-kit';

/** Lists the APIs that an order goes through. */
export interface OrderApis {
  readonly orders: OrderApi;
  readonly shipping: ShippingApi;
  readonly payments: PaymentApi;
  readonly email: EmailApi;
}

/** Wraps four APIs as tools of an agent. */
export function orchestratorTools(cache: ToolCache, { orders, shipping, payments, email }: OrderApis): AgentTool[] {
  const getOrder = cache.read(({ orderId }: { orderId: string }) => orders.getOrder(orderId), {
    name: 'get_order',
    resource: ({ orderId }) => ['order', orderId],
    scope: 'global',
  });

  // Slow and not always there. Whoever asks while somebody else is asking waits for the same answer.
  const quoteShipping = cache.read(
    ({ country, weightGrams }: { country: string; weightGrams: number }) => shipping.quote(country, weightGrams),
    {
      name: 'quote_shipping',
      resource: ({ country }) => ['quote', country],
      scope: 'global',
      ttl: '10m',
    },
  );

  // A write is never cached and never repeated by the cache: a failed charge may still have happened.
  const chargePayment = cache.write(
    ({ orderId, amountCents }: { orderId: string; amountCents: number }) => payments.charge(orderId, amountCents),
    {
      name: 'charge_payment',
      invalidates: ({ orderId }) => ['payment', orderId],
      scope: 'global',
    },
  );

  const sendEmail = cache.write((message: { to: string; subject: string; body: string }) => email.send(message), {
    name: 'send_email',
    invalidates: ({ to }) => ['mailbox', to],
    scope: 'global',
  });

  const orderId = text('The order, for example ORD-1');
  return [
    agentTool(getOrder, { description: 'Returns an order: customer, amount, country, weight.', input: { orderId } }),
    agentTool(quoteShipping, {
      description: 'Lists what carriers ask for a parcel, the cheapest first.',
      input: { country: text('Two letters, for example NL'), weightGrams: wholeNumber('The weight of the parcel') },
    }),
    agentTool(chargePayment, {
      description: 'Charges the card of an order.',
      input: { orderId, amountCents: wholeNumber('The amount in cents') },
    }),
    agentTool(sendEmail, {
      description: 'Sends a message to a customer.',
      input: { to: text('The address'), subject: text('One line'), body: text('A few sentences') },
    }),
  ];
}
