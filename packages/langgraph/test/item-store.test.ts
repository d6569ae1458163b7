import { memoryStore } from '@keepstep/core';

import { KeepstepStore } from '../src/index.ts';
import { bindItemClients } from './bind-item-clients.ts';
import { bindItemStore } from './bind-item-store.ts';

bindItemStore('in memory', (options) => new KeepstepStore(options), 100);

bindItemClients('in memory', () => {
  const store = memoryStore();
  return [store, store];
});
