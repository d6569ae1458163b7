import type { ScriptedPolicy } from '@keepstep/core/testing';
import { formatEuros, ShopApi, type Stage } from '@keepstep/scenario-kit';
import { languageModel } from '@keepstep/scenario-kit/ai-sdk';
import { isStepCount, ToolLoopAgent } from 'ai';

import { readAnswers } from './read-answers.ts';
import { cartReader, shopAssistant } from './shop-assistant.ts';
import { shoppingTools } from './shopping-tools.ts';
import { talk, type ShoppingAgent } from './talk.ts';

const INSTRUCTIONS =
  'You are the assistant of a web shop. Check carts and products with the tools, never from memory. Answer briefly.';

/** Lets one customer buy a laptop while the cart of another stays cached. */
export async function shoppingStory(stage: Stage, options: { readonly answers?: string }): Promise<object> {
  const isStreamed = readAnswers(options.answers) === 'streamed';
  const { cache } = stage;
  const shop = new ShopApi(stage.clock);
  stage.watch(shop);
  shop.seedCart('user_1', 'mouse-wireless');
  shop.seedCart('user_2', 'headphones-anc');
  const tools = shoppingTools(cache, shop);
  const agentFor = (script: ScriptedPolicy): ShoppingAgent =>
    new ToolLoopAgent({
      model: languageModel(stage.model(script), stage.resolved.name),
      instructions: INSTRUCTIONS,
      tools,
      stopWhen: isStepCount(30),
    });

  await using first = cache.openSession({ id: 'user_1', userId: 'user_1', loopDetection: false });
  await using second = cache.openSession({ id: 'user_2', userId: 'user_2', loopDetection: false });

  const ask = { agent: agentFor(cartReader), session: second, speaker: 'user_2', isStreamed };
  const { messages } = await talk(stage, { ...ask, prompt: 'I am user_2. What is in my cart?' });
  stage.say('');

  const purchase = await talk(stage, {
    agent: agentFor(shopAssistant),
    session: first,
    speaker: 'user_1',
    isStreamed,
    prompt: 'I am user_1. Buy me the lightest laptop with at least 16 GB of memory.',
  });
  stage.say('');

  // user_1 has written twice, but not to this cart.
  await talk(stage, { ...ask, messages, prompt: 'And now?' });

  const totals = purchase.steps.flatMap(({ toolResults }) =>
    toolResults.flatMap((result) =>
      !result.dynamic && result.toolName === 'get_cart' ? [result.output.totalCents] : [],
    ),
  );
  stage.say('');
  stage.say(`What user_1's agent saw as the total of the cart: ${totals.map(formatEuros).join(', ')}.`);
  return { cartTotalsCents: totals, orders: shop.orders };
}
