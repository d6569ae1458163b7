import { InvalidOptionError, KeepstepError, type CheckpointStore, type Store } from '@keepstep/core';
import { StateError } from '@keepstep/core/state';

import { SealedCheckpoints } from './sealing/sealed-checkpoints.ts';
import type { Sealer } from './sealing/sealer.ts';

const ATTEMPTS = 3;

/**
 * Asks the store for checkpoints, and fails closed: an answer, or an error that says what is known.
 *
 * All that it is asked for may be asked for again, so a reply that was lost is no guess.
 */
export class CheckpointPorts {
  readonly #store: Store;
  readonly #namespace: string;
  readonly #sealer: Sealer;
  #opened: CheckpointStore | undefined;

  /** @throws InvalidOptionError for a store that cannot keep checkpoints, as far as that is known before it is opened */
  constructor(store: Store, namespace: string, sealer: Sealer) {
    if (typeof store?.checkpoints !== 'function') {
      throw new InvalidOptionError('store', store?.name ?? store, 'a store that keeps checkpoints');
    }
    this.#store = store;
    this.#namespace = namespace;
    this.#sealer = sealer;
  }

  /**
   * Asks for something that changes nothing.
   *
   * @throws StateError `state_unavailable` when the store fails
   */
  read<Answer>(thread: string, request: (store: CheckpointStore) => Answer): Promise<Awaited<Answer>> {
    return this.#attempt(request, (cause) => {
      const message = `The checkpoints cannot be read: thread ${JSON.stringify(thread)}. ${cause.message}`;
      return new StateError('state_unavailable', message, { subject: thread }, { cause });
    });
  }

  /**
   * Asks for a change.
   *
   * @throws StateError `outcome_unknown` when the store fails
   */
  change<Answer>(thread: string, request: (store: CheckpointStore) => Answer): Promise<Awaited<Answer>> {
    return this.#attempt(request, (cause) => {
      const message =
        `The store failed, so it is unknown whether a checkpoint was changed: thread ${JSON.stringify(thread)}. ` +
        `The same call may be made again. ${cause.message}`;
      return new StateError('outcome_unknown', message, { subject: thread }, { cause });
    });
  }

  async #attempt<Answer>(
    request: (store: CheckpointStore) => Answer,
    failure: (cause: Error) => StateError,
  ): Promise<Awaited<Answer>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#opened ??= await this.#open();
        return await request(this.#opened);
      } catch (error) {
        if (KeepstepError.isInstance(error) && !error.code.startsWith('store_')) throw error;
        if (attempt === ATTEMPTS) throw failure(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
  async #open(): Promise<CheckpointStore> {
    const store = (await this.#store.checkpoints?.(this.#namespace)) as CheckpointStore;
    return new SealedCheckpoints(store, this.#sealer, this.#namespace);
  }
}
