import { toolResults } from '@keepstep/core/testing';
import { converse, formatEuros, ShopApi, type Stage } from '@keepstep/scenario-kit';

import { cartReader, shopAssistant } from './shop-assistant.ts';
import { shoppingTools } from './shopping-tools.ts';

const INSTRUCTIONS =
  'You are the assistant of a web shop. Check carts and products with the tools, never from memory. Answer briefly.';

/** Lets one customer buy a laptop while the cart of another stays cached. */
export async function shoppingStory(stage: Stage): Promise<object> {
  const { cache } = stage;
  const shop = new ShopApi(stage.clock);
  stage.watch(shop);
  shop.seedCart('user_1', 'mouse-wireless');
  shop.seedCart('user_2', 'headphones-anc');
  const tools = shoppingTools(cache, shop);

  await using first = cache.openSession({ id: 'user_1', userId: 'user_1', loopDetection: false });
  await using second = cache.openSession({ id: 'user_2', userId: 'user_2', loopDetection: false });

  const ask = { session: second, model: stage.model(cartReader), tools, speaker: 'user_2', instructions: INSTRUCTIONS };
  const { messages } = await converse(stage, { ...ask, prompt: 'I am user_2. What is in my cart?' });
  stage.say('');

  const purchase = await converse(stage, {
    session: first,
    model: stage.model(shopAssistant),
    tools,
    speaker: 'user_1',
    instructions: INSTRUCTIONS,
    prompt: 'I am user_1. Buy me the lightest laptop with at least 16 GB of memory.',
  });
  stage.say('');

  // user_1 has written twice, but not to this cart.
  await converse(stage, { ...ask, messages, prompt: 'And now?' });

  const totals: number[] = toolResults(purchase.messages, 'get_cart').map(({ value }) => value.totalCents);
  stage.say('');
  stage.say(`What user_1's agent saw as the total of the cart: ${totals.map(formatEuros).join(', ')}.`);
  return { cartTotalsCents: totals, orders: shop.orders };
}
