import { toolResults, type ModelTurn, type ScriptedPolicy } from '@keepstep/core/testing';
import { formatEuros } from '@keepstep/scenario-kit';

/** Asks for quotes until there are some, and says what they mean for its task. */
export function quoteReader(conclude: (quotes: readonly Quote[]) => string): ScriptedPolicy {
  return (messages) => {
    const [order] = toolResults(messages, 'get_order');
    if (order === undefined) return call('get_order', { orderId: 'ORD-1' });
    const quotes = toolResults(messages, 'quote_shipping').find(({ failed }) => !failed);
    if (quotes !== undefined) return { text: conclude(quotes.value) };
    const { country, weightGrams } = order.value;
    return call('quote_shipping', { country, weightGrams });
  };
}

/** Is what a carrier asks. */
export interface Quote {
  readonly carrier: string;
  readonly priceCents: number;
  readonly days: number;
}

/**
 * Charges an order like an agent that takes every error for a hiccup: it tries again, and again.
 *
 * Once it is stopped and told to, it writes to the customer instead.
 */
export const stubbornCashier: ScriptedPolicy = (messages) => {
  const [order] = toolResults(messages, 'get_order');
  if (order === undefined) return call('get_order', { orderId: 'ORD-1' });
  const { id, email, amountCents } = order.value;

  const charge = toolResults(messages, 'charge_payment').at(-1);
  if (charge !== undefined && !charge.failed) return { text: `${id} is paid.` };
  if (charge === undefined || isFirstErrand(messages)) return call('charge_payment', { orderId: id, amountCents });

  if (toolResults(messages, 'send_email').length > 0) return { text: `${email} knows, and can name another card.` };
  // The last answer is the loop that was stopped; what the customer has to know stands before it.
  const refusal = toolResults(messages, 'charge_payment').findLast(({ content }) => content.startsWith('PaymentError'));
  const reason = refusal?.content.replace('PaymentError: ', '') ?? 'The bank refused.';
  return call('send_email', {
    to: email,
    subject: `Payment of ${id}`,
    body: `We could not charge ${formatEuros(amountCents)}. ${reason} Please name another card.`,
  });
};

function isFirstErrand(messages: Parameters<ScriptedPolicy>[0]): boolean {
  return messages.filter(({ role }) => role === 'user').length === 1;
}

function call(toolName: string, input: object): ModelTurn {
  return { calls: [{ toolName, input }] };
}
