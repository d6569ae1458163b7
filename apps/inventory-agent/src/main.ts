import { runSample } from '@keepstep/scenario-kit';

import { inventoryStory } from './inventory-story.ts';

await runSample(
  { name: 'inventory-agent', about: 'a planner that forgets what it did, stopped before it does it twice' },
  inventoryStory,
);
