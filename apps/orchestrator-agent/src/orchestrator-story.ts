import type { Session } from '@keepstep/core';
import {
  converse,
  EmailApi,
  formatEuros,
  OrderApi,
  PaymentApi,
  PaymentError,
  ShippingApi,
  type AgentTool,
  type Stage,
} from '@keepstep/scenario-kit';

import { quoteReader, stubbornCashier, type Quote } from './order-scripts.ts';
import { orchestratorTools } from './orchestrator-tools.ts';

/** Takes an order through four APIs, two of which fail: one for a moment, one for good. */
export async function orchestratorStory(stage: Stage): Promise<object> {
  const { cache, clock } = stage;
  const apis = {
    orders: new OrderApi(clock),
    shipping: new ShippingApi(clock, { failureRate: 0.6, seed: 9 }), // fails first, then answers
    payments: new PaymentApi(clock, { declined: ['ORD-1'] }),
    email: new EmailApi(clock),
  };
  stage.watch(apis.orders, apis.shipping, apis.payments, apis.email);
  const tools = orchestratorTools(cache, apis);

  await using session = cache.openSession({ id: 'ORD-1', maxToolRepeats: 3, onLoop: 'raise' });
  await prepare(stage, session, tools);
  stage.say('');

  const cashier = {
    session,
    tools,
    agentName: 'cashier',
    model: stage.model(stubbornCashier),
    instructions: 'You get orders paid. Use the tools; answer in one sentence.',
  };
  const charging = await converse(stage, { ...cashier, prompt: 'Charge order ORD-1.' });
  const received = charging.errors.filter((error) => error instanceof PaymentError);
  const isUnchanged = received.every((error, index) => error === apis.payments.thrown[index]);
  stage.say(
    `The payment API was called ${apis.payments.upstream.total} times and threw ${received.length} errors. ` +
      (isUnchanged ? 'The agent got these very objects.' : 'The agent got others!'),
  );
  stage.say('');

  // A refused call is no dead end: the session goes on with anything else.
  const { messages } = charging;
  const informing = await converse(stage, { ...cashier, messages, prompt: 'Leave it. Write to the customer.' });

  return {
    charges: apis.payments.charges,
    paymentCalls: apis.payments.upstream.total,
    paymentErrors: received.length,
    paymentErrorsUnchanged: isUnchanged,
    stoppedBy: charging.loop?.message,
    mails: apis.email.outbox,
    answer: informing.answer,
  };
}

/** Lets three sub-agents prepare the order side by side. All of them need the same quotes, and one call gets them. */
async function prepare(stage: Stage, session: Session, tools: readonly AgentTool[]): Promise<void> {
  const tasks: Readonly<Record<string, (quotes: readonly Quote[]) => string>> = {
    packing: ([cheapest]) => `${cheapest?.carrier} is the cheapest.`,
    invoice: ([cheapest]) => `Shipping costs ${formatEuros(cheapest?.priceCents ?? 0)}.`,
    delivery: (quotes) =>
      `It takes ${Math.min(...quotes.map(({ days }) => days))} to ${Math.max(...quotes.map(({ days }) => days))} days.`,
  };
  await Promise.all(
    Object.entries(tasks).map(async ([agent, conclude]) => {
      await using child = session.child({ agent });
      await converse(stage, {
        session: child,
        tools,
        speaker: 'orchestrator',
        agentName: agent,
        model: stage.model(quoteReader(conclude)),
        instructions:
          'You prepare orders for shipping. Use the tools; if one fails, try again. Answer in one sentence.',
        prompt: `Prepare the ${agent} of order ORD-1.`,
      });
    }),
  );
}
