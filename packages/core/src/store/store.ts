import type { MaybePromise } from '../maybe-promise.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { EntryStore } from './entry-store.ts';
import type { StateStore } from './state-store.ts';

/** Gathers the ports that a backend offers. */
export interface Store {
  /** Names the kind of backend, for events and metrics: `memory`, `sqlite`, `valkey`. */
  readonly name: string;
  /** Tells whether other processes see the same data; write barriers are on by default where they do. */
  readonly shared: boolean;
  /** Opens the cached results of one namespace; namespaces never see each other. */
  entries(namespace: string, settings: EntrySettings): EntryStore;
  /**
   * Waits until the backend can be used, and rejects with what stands in the way. Nobody has to call it: until then, tools
   * run without the cache. Stores that are ready at once do without it.
   */
  ready?(): Promise<void>;
  /** Opens the durable state of one namespace; a store that keeps none has no such method. */
  state?(namespace: string): MaybePromise<StateStore>;
  /** Opens the checkpoints of one namespace; a store that keeps none has no such method. */
  checkpoints?(namespace: string): MaybePromise<CheckpointStore>;
  /** Lets go of what the store itself opened; may be called twice. */
  close(): Promise<void>;
}

/** Says how the entries of a namespace are to be checked. */
export interface EntrySettings {
  /**
   * Is the time for which a copy in this process may be served without asking the shared store, in milliseconds; 0 asks
   * every time. A store in the process itself has no copies.
   */
  readonly maxStalenessMs: number;
}
