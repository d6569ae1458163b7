import { runSample } from '@keepstep/scenario-kit';

import { readAnswers } from './read-answers.ts';
import { replaySessions } from './replay-sessions.ts';
import { shoppingStory } from './shopping-story.ts';

await runSample(
  {
    name: 'shopping-agent',
    about: 'a shop assistant whose cart is never stale',
    options: {
      answers: { value: 'whole|streamed', about: 'lets the agent speak when it is done (default), or while it works' },
      sessions: { value: 'folder', about: 'replays the recorded sessions in a folder ("data" is here) instead' },
      seed: { value: 'number', about: 'chooses another order of the replayed calls (default: 1)' },
    },
  },
  shoppingStory,
  async (options) => {
    readAnswers(options.answers);
    return replaySessions(options);
  },
);
