import type { ValueSnapshot } from '../codec/value-snapshot.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { CallFrame } from '../session/call-frame.ts';
import type { CommitResult, Lease } from '../store/entry-store.ts';
import type { ReadRequest } from './read-request.ts';
import { Flight } from './single-flight.ts';

/** Is what a load leaves behind for those who waited for it. */
export interface Landing {
  readonly value: unknown;
  /** Is what those who joined get; undefined when nobody did, or when the value cannot be copied. */
  readonly snapshot: ValueSnapshot | undefined;
  /** Is what the store made of it, if it was offered. */
  readonly committed?: MaybePromise<CommitResult | undefined>;
  readonly frame: CallFrame;
}

/** Is one running load: what it loads, and under which lease. */
export class Load extends Flight<Landing> {
  /** Is the read of the one who leads. */
  readonly request: ReadRequest;
  readonly lease: Lease;

  constructor(request: ReadRequest, lease: Lease, onAbandoned: () => void) {
    super(onAbandoned);
    this.request = request;
    this.lease = lease;
  }
}
