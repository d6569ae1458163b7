import { describe, it } from 'vitest';

import { bindStoreConformance } from '../../testing/bind-store-conformance.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { memoryStore } from './memory-store.ts';

let clock = manualClock();

bindStoreConformance(
  { describe, it },
  {
    name: 'memory',
    create() {
      clock = manualClock(1_700_000_000_000);
      const store = memoryStore({ clock });
      return { a: store, b: store };
    },
    advance: (ms) => clock.advance(ms),
    capabilities: ['peek', 'stats', 'exact-time', 'state', 'checkpoints'],
  },
);
