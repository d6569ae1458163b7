import { runSample } from '@keepstep/scenario-kit';

import { researchStory } from './research-story.ts';
import { researchSample } from './thread-options.ts';

await runSample(researchSample, researchStory);
