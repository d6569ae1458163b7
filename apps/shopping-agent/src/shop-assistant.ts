import { toolResults, type ModelTurn, type ScriptedPolicy } from '@keepstep/core/testing';
import { formatEuros } from '@keepstep/scenario-kit';

/**
 * Buys the lightest laptop with enough memory for user_1.
 *
 * It reads carts and products again wherever a careful model does: before it decides, before it pays, and afterwards.
 */
export const shopAssistant: ScriptedPolicy = (messages) => {
  const carts = toolResults(messages, 'get_cart').map(({ value }) => value);
  if (carts.length === 0) return call('What is in the cart already?', 'get_cart', { userId: 'user_1' });

  const [search] = toolResults(messages, 'search_products');
  if (search === undefined) return call('Which laptops are there?', 'search_products', { query: 'laptop' });

  const laptopIds: string[] = search.value.map(({ id }: Laptop) => id).filter((id: string) => id.startsWith('laptop'));
  const looks = toolResults(messages, 'get_product').map(({ value }) => value as Laptop);
  if (looks.length === 0) return lookAt('I compare them.', laptopIds);
  const finalists = looks.slice(0, laptopIds.length).filter(({ memoryGb }) => memoryGb >= 16);
  const [best] = finalists.toSorted((one, other) => one.weightGrams - other.weightGrams);
  if (best === undefined) return { text: 'There is no laptop with 16 GB of memory.' };
  if (looks.length === laptopIds.length)
    return lookAt(
      'These two, once more.',
      finalists.map(({ id }) => id),
    );

  if (carts.length === 1) return call('Is the cart still the same?', 'get_cart', { userId: 'user_1' });
  const [added] = toolResults(messages, 'add_to_cart');
  if (added === undefined) return call(`${best.name} it is.`, 'add_to_cart', { userId: 'user_1', productId: best.id });
  if (carts.length === 2) return call('What is the total now?', 'get_cart', { userId: 'user_1' });

  const [before, , after] = carts;
  if (after.totalCents !== before.totalCents + best.priceCents) {
    return { text: `The total is wrong, so I do not buy: ${formatEuros(after.totalCents)}.` };
  }
  const [order] = toolResults(messages, 'checkout');
  if (order === undefined) return call('The total is right.', 'checkout', { userId: 'user_1' });
  if (carts.length === 3) return call('The cart has to be empty now.', 'get_cart', { userId: 'user_1' });
  const names = order.value.items.map(({ name }: Laptop) => name).join(' and ');
  return { text: `Order ${order.value.id}: ${names} for ${formatEuros(order.value.totalCents)}. Your cart is empty.` };
};

/** Says what is in the cart of user_2. */
export const cartReader: ScriptedPolicy = (messages) => {
  const cart = toolResults(messages).at(-1);
  // Asked again, it looks again: what it saw before may have changed.
  if (cart === undefined || messages.at(-1)?.role === 'user') return call('', 'get_cart', { userId: 'user_2' });
  const { items, totalCents } = cart.value;
  return { text: `${items.map(({ name }: Laptop) => name).join(' and ')} for ${formatEuros(totalCents)}.` };
};

interface Laptop {
  readonly id: string;
  readonly name: string;
  readonly priceCents: number;
  readonly weightGrams: number;
  readonly memoryGb: number;
}

function call(text: string, toolName: string, input: object): ModelTurn {
  return { text, calls: [{ toolName, input }] };
}

function lookAt(text: string, productIds: readonly string[]): ModelTurn {
  return { text, calls: productIds.map((productId) => ({ toolName: 'get_product', input: { productId } })) };
}
