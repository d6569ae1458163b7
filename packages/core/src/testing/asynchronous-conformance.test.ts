import { describe, it } from 'vitest';

import { memoryStore } from '../stores/memory/memory-store.ts';
import { bindStoreConformance } from './bind-store-conformance.ts';
import { faultyStore } from './faulty-store.ts';
import { manualClock } from './manual-clock.ts';

let clock = manualClock();
let seed = 0;

// The suite must hold for stores that take their time, or it asks more than it says: here every answer is a promise.
bindStoreConformance(
  { describe, it },
  {
    name: 'memory behind promises',
    create() {
      clock = manualClock(1_700_000_000_000);
      seed += 1;
      const store = faultyStore(memoryStore({ clock }), { async: true, seed });
      return { a: store, b: store };
    },
    advance: (ms) => clock.advance(ms),
    capabilities: ['stats', 'exact-time', 'state'],
  },
);
