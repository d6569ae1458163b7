import { runSample } from '@keepstep/scenario-kit';

import { orchestratorStory } from './orchestrator-story.ts';

await runSample(
  { name: 'orchestrator-agent', about: 'an order across four APIs, one of them flaky, one of them charged in vain' },
  orchestratorStory,
);
