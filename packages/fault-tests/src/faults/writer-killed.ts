import { waitUntil } from '@keepstep/test-servers';

import { openSingleStage, type SingleStage } from '../stages/single-stage.ts';
import type { Fault } from './fault.ts';

export const writerKilled: Fault<SingleStage> = {
  name: 'writer-killed',
  what: 'a writer dies between its change and its invalidation',
  deathRate: 0.3,
  open: openSingleStage,
  async strike({ crew }) {
    const before = crew.deaths;
    await waitUntil('a writer has died', () => crew.deaths > before);
  },
};
