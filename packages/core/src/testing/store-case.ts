import type { ConformanceCase, ConformanceGroup } from './conformance-suite.ts';
import type { CheckpointClient } from './checkpoint-client.ts';
import type { StateClient } from './state-client.ts';
import type { StoreClient } from './store-client.ts';

/**
 * Names what not every store can do; a case that needs it is left out for the others.
 *
 * - `peek`: what was stored through a client is in its process, and `peek` finds it.
 * - `stats`: `stats` counts what was stored through the client.
 * - `exact-time`: `advance` moves the store's own clock, to the millisecond; without it, `advance` waits.
 * - `lease-expiry`: a lease whose holder has died ends by itself, after `leaseMs`.
 * - `shared`: the two clients have nothing in common but the data; closing one leaves the other alone.
 * - `foreign`: the backend can hold data of somebody else beside the store's.
 * - `state`: the store keeps durable state: documents, logs, locks, runs.
 * - `checkpoints`: the store keeps the checkpoints of graphs.
 */
export type StoreCapability =
  | 'peek'
  | 'stats'
  | 'exact-time'
  | 'lease-expiry'
  | 'shared'
  | 'foreign'
  | 'state'
  | 'checkpoints';

/** Is one thing that every store does, as data: any test runner can run it. */
export type StoreCase = ConformanceCase<StoreCapability, StoreCaseContext>;

/** Gathers the cases of one concern. */
export type StoreCaseGroup = ConformanceGroup<StoreCase>;

/** Is what a case works with: two clients of the same, fresh data. */
export interface StoreCaseContext {
  readonly a: StoreClient;
  readonly b: StoreClient;
  /** Holds both clients: what one has done, the other sees. */
  readonly both: readonly [StoreClient, StoreClient];
  /** Opens another namespace through both clients. */
  readonly open: (namespace: string) => readonly [StoreClient, StoreClient];
  /** Holds both clients of the durable state; empty for stores that keep none. */
  readonly state: readonly [StateClient, StateClient];
  /** Opens the durable state of another namespace through both clients. */
  readonly openState: (namespace: string) => Promise<readonly [StateClient, StateClient]>;
  /** Holds both clients of the checkpoints; empty for stores that keep none. */
  readonly checkpoints: readonly [CheckpointClient, CheckpointClient];
  /** Opens the checkpoints of another namespace through both clients. */
  readonly openCheckpoints: (namespace: string) => Promise<readonly [CheckpointClient, CheckpointClient]>;
  /** Lets time pass for the store. */
  readonly advance: (ms: number) => Promise<void>;
  /** Closes the store of one client. */
  readonly close: (client: 'a' | 'b') => Promise<void>;
  /** Is the time after which a lease ends by itself, in milliseconds. */
  readonly leaseMs: number;
  readonly foreign: ForeignData;
}

/** Is data in the same backend that does not belong to the store. */
export interface ForeignData {
  write(): Promise<void>;
  /** Tells whether what `write` has written is all there. */
  intact(): Promise<boolean>;
}
