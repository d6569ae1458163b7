import { runSample } from '@keepstep/scenario-kit';

import { supportStory } from './support-story.ts';

await runSample(
  { name: 'support-agent', about: 'two agents on one ticket, each with copies of its own' },
  supportStory,
);
