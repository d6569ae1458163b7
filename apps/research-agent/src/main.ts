import { runSample } from '@keepstep/scenario-kit';

import { researchStory } from './research-story.ts';

await runSample(
  { name: 'research-agent', about: 'a researcher that repeats its search, stopped at the fourth and not empty-handed' },
  researchStory,
);
