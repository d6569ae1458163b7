import { runSample } from '@keepstep/scenario-kit';

import { replaySessions } from './replay-sessions.ts';
import { shoppingStory } from './shopping-story.ts';

await runSample(
  {
    name: 'shopping-agent',
    about: 'a shop assistant whose cart is never stale',
    options: {
      sessions: { value: 'folder', about: 'replays the recorded sessions in a folder ("data" is here) instead' },
      seed: { value: 'number', about: 'chooses another order of the replayed calls (default: 1)' },
    },
  },
  shoppingStory,
  replaySessions,
);
