import { memoryStore } from '@keepstep/core';

import { KeepstepSaver } from '../src/keepstep-saver.ts';
import { bindCheckpointer } from './bind-checkpointer.ts';

bindCheckpointer('in memory', () => new KeepstepSaver({ store: memoryStore() }));
