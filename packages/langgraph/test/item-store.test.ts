import { KeepstepStore } from '../src/index.ts';
import { bindItemStore } from './bind-item-store.ts';

bindItemStore('in memory', (options) => new KeepstepStore(options), 100);
