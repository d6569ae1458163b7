import type { Clock } from '../clock.ts';
import type { ValueSnapshot } from '../codec/value-snapshot.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { Reporter } from '../observe/reporter.ts';
import { CallFrame } from '../session/call-frame.ts';
import type { CommitResult, Lease } from '../store/entry-store.ts';
import { admit, type Admission } from './admission.ts';
import { UNACKNOWLEDGED, type DirtyTags } from './dirty-tags.ts';
import type { EntryNote } from './entry-note.ts';
import type { GuardedStore } from './guarded-store.ts';
import type { LoadRequest, ReadRequest } from './read-request.ts';
import { drawRefreshTime, retentionMs } from './refresh.ts';
import { Flight } from './single-flight.ts';

/** Is what a load leaves behind for those who waited for it. */
export interface Landing {
  readonly value: unknown;
  readonly snapshot?: ValueSnapshot;
  /** Is what the store made of it, if it was offered. */
  readonly committed?: MaybePromise<CommitResult | undefined>;
  readonly frame: CallFrame;
}

/** Runs loads: each under the lease that was taken before it, and once for all who wait for it. */
export class Loader {
  readonly #store: GuardedStore;
  readonly #clock: Clock;
  readonly #reporter: Reporter;
  readonly #dirty: DirtyTags;
  readonly #flights = new Map<string, Flight<Landing>>();

  constructor(store: GuardedStore, clock: Clock, reporter: Reporter, dirty: DirtyTags) {
    this.#store = store;
    this.#clock = clock;
    this.#reporter = reporter;
    this.#dirty = dirty;
  }

  /** Returns the load that runs here under a lease; undefined when there is none. */
  running(leaseId: string): Flight<Landing> | undefined {
    return this.#flights.get(leaseId);
  }

  /** Starts a load under a lease; whoever asks for `running` joins it. */
  start(request: ReadRequest, lease: Lease): Flight<Landing> {
    const release = (): void => {
      this.#store.release(lease);
      this.#flights.delete(lease.id);
    };
    const flight = new Flight<Landing>(release);
    const frame = new CallFrame(request.address.key, request.info.toolName, request.parent, flight);
    this.#flights.set(lease.id, flight);
    flight.start(async () => {
      let landing: Landing | undefined;
      try {
        landing = await this.#load(request, lease, flight.signal, frame);
        return landing;
      } finally {
        // A commit gives the lease back by itself, and an abandoned load has given it back already.
        if (landing?.snapshot !== undefined || flight.signal.aborted) this.#flights.delete(lease.id);
        else release();
      }
    });
    return flight;
  }

  /** Runs the tool, and takes note of what only its result can tell that it depends on. */
  async run(request: LoadRequest, frame: CallFrame, signal: AbortSignal): Promise<unknown> {
    const { info, enter, execute, resultTags, place } = request;
    const value = await this.#reporter.execution(info, 'read', () => enter(frame, () => execute({ signal })));
    try {
      if (resultTags !== undefined) frame.absorb(resultTags(value), place);
    } catch {
      frame.isOpaque = true;
    }
    return value;
  }

  async #load(request: ReadRequest, lease: Lease, signal: AbortSignal, frame: CallFrame): Promise<Landing> {
    const { info, place } = request;
    const startedAt = this.#clock.now();
    frame.absorb(request.tags, place);
    const value = await this.run(request, frame, signal);
    if (signal.aborted) return { value, frame };
    const admission = admit(value, request, frame);
    if (!admission.admitted) {
      const { reason, detail } = admission;
      this.#reporter.call(info, { type: 'entry-rejected', reason, detail });
      return { value, frame };
    }
    if (this.#dirty.meet(admission.tags)) {
      this.#reporter.call(info, { type: 'entry-rejected', reason: 'store-failed', detail: UNACKNOWLEDGED });
      return { value, frame };
    }
    const committed = this.#commit(request, lease, admission, this.#clock.now() - startedAt);
    return { value, snapshot: admission.snapshot, committed, frame };
  }

  // Not awaited by the load: its callers have their value, whether or not there is room for it in the store.
  #commit(
    request: ReadRequest,
    lease: Lease,
    { snapshot, tags, ttlMs }: Admission & { admitted: true },
    loadMs: number,
  ): MaybePromise<CommitResult | undefined> {
    const { info, rules, declarer, resources, resourceCounters, place } = request;
    const refreshAt = drawRefreshTime(this.#clock.now() + ttlMs, loadMs, rules.earlyRefresh);
    const local: EntryNote = { refreshAt, declarer, resources: resourceCounters };
    const draft = { snapshot, tags, ttlMs, retainMs: retentionMs(rules), loadMs, local };
    return this.#store.commit(lease, draft, (result) => {
      const { bytes } = snapshot;
      if (result === 'stored')
        this.#reporter.call(info, { type: 'entry-stored', scope: place.scope, bytes, ttlMs, resources });
      else if (result === 'too-large')
        this.#reporter.call(info, { type: 'entry-rejected', reason: result, detail: `${bytes} bytes` });
      else this.#reporter.call(info, { type: 'entry-superseded', reason: result }, 'superseded', resourceCounters);
    });
  }
}
