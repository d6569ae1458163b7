import { converse, InventoryApi, type Stage } from '@keepstep/scenario-kit';

import { forgetfulPlanner } from './forgetful-planner.ts';
import { inventoryTools } from './inventory-tools.ts';

/** Lets an agent ship one mouse, and keeps it from shipping another. */
export async function inventoryStory(stage: Stage): Promise<object> {
  const inventory = new InventoryApi(stage.clock);
  stage.watch(inventory);
  const before = inventory.stockOf('SKU-42').quantity;

  // Generous with repeats: a planner may check a thousand times. What it may not do is go round in circles.
  const options = { id: 'inventory', maxToolRepeats: 100, onLoop: 'raise' } as const;
  const run = await stage.cache.session(options, (session) =>
    converse(stage, {
      session,
      model: stage.model(forgetfulPlanner),
      tools: inventoryTools(stage.cache, inventory),
      instructions: 'You keep the stock of a shop. Work with the tools, and answer in one sentence when you are done.',
      prompt: 'Order ORD-1001 contains one SKU-42. Take it out of the stock.',
    }),
  );

  const after = inventory.stockOf('SKU-42').quantity;
  stage.say('');
  const times = inventory.movements.length === 1 ? 'once' : `${inventory.movements.length} times`;
  stage.say(`Stock of SKU-42: ${before} before, ${after} after. It was changed ${times}.`);
  return { before, after, movements: inventory.movements, stoppedBy: run.loop?.message };
}
