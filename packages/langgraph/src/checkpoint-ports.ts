import { InvalidOptionError, type CheckpointStore, type Store } from '@keepstep/core';

import { DurablePort } from './durable-port.ts';
import { SealedCheckpoints } from './sealing/sealed-checkpoints.ts';
import type { Sealer } from './sealing/sealer.ts';
import { TermedCheckpoints, type SaverTerms } from './terms/termed-checkpoints.ts';

/** Asks the store for checkpoints; a subject is the id of a thread. */
export class CheckpointPorts extends DurablePort<CheckpointStore> {
  /** @throws InvalidOptionError for a store that cannot keep checkpoints, as far as that is known before it is opened */
  constructor(store: Store, namespace: string, sealer: Sealer, terms: SaverTerms) {
    if (typeof store?.checkpoints !== 'function') {
      throw new InvalidOptionError('store', store?.name ?? store, 'a store that keeps checkpoints');
    }
    const open = async (): Promise<CheckpointStore> => {
      const checkpoints = (await store.checkpoints?.(namespace)) as CheckpointStore;
      return new TermedCheckpoints(new SealedCheckpoints(checkpoints, sealer, namespace), terms);
    };
    super(open, { all: 'The checkpoints', one: 'a checkpoint', subject: 'thread' });
  }
}
