import { StoreError } from '../../errors.ts';
import type { MaybePromise } from '../../maybe-promise.ts';
import type { KeyLayout } from './key-layout.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

/**
 * Sees to it that all clients keep a namespace in the same number of partitions: otherwise they would not see each other's
 * invalidations. Asked again on each connection, for the server may have lost everything meanwhile.
 */
export class LayoutAgreement {
  readonly #connection: ValkeyConnection;
  readonly #layout: KeyLayout;
  #agreedOn = -1;
  #asking: Promise<void> | undefined;

  constructor(connection: ValkeyConnection, layout: KeyLayout) {
    this.#connection = connection;
    this.#layout = layout;
  }

  /**
   * Resolves once the server and this client agree.
   *
   * @throws StoreError `store_mismatch` when others keep the namespace otherwise
   */
  reached(): MaybePromise<void> {
    if (this.#agreedOn === this.#connection.generation) return undefined;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<void> {
    const { guard, partitions } = this.#layout;
    const wanted = `v1 P=${partitions.length}`;
    const found = await this.#connection.plain('layout', async (client) => {
      await client.set(guard, wanted, 'NX');
      return client.get(guard);
    });
    if (found !== wanted) {
      const message = `This namespace is kept as ${JSON.stringify(found)} on the server, this store is set to ${JSON.stringify(wanted)}: give all its clients the same number of partitions, or another namespace.`;
      throw new StoreError('store_mismatch', message);
    }
    this.#agreedOn = this.#connection.generation;
  }
}
