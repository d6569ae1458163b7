import type { Clock } from '../clock.ts';
import { takeSnapshot, type ValueSnapshot } from '../codec/value-snapshot.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { Reporter } from '../observe/reporter.ts';
import { CallFrame } from '../session/call-frame.ts';
import type { CommitResult, Lease } from '../store/entry-store.ts';
import type { Execution } from '../tool-call.ts';
import { admit, type Admission } from './admission.ts';
import { UNACKNOWLEDGED, type DirtyTags } from './dirty-tags.ts';
import { noteFor } from './entry-note.ts';
import type { GuardedStore } from './guarded-store.ts';
import { Load, type Landing } from './load.ts';
import type { LoadRequest, ReadRequest } from './read-request.ts';
import { drawRefreshTime, retentionMs } from './refresh.ts';
import { FlightExecution } from './single-flight.ts';

/** Runs loads: each under the lease that was taken before it, and once for all who wait for it. */
export class Loader {
  readonly #store: GuardedStore;
  readonly #clock: Clock;
  readonly #reporter: Reporter;
  readonly #dirty: DirtyTags;
  readonly #loads = new Map<string, Load>();

  constructor(store: GuardedStore, clock: Clock, reporter: Reporter, dirty: DirtyTags) {
    this.#store = store;
    this.#clock = clock;
    this.#reporter = reporter;
    this.#dirty = dirty;
  }

  /** Returns the newest load of a key that runs here; undefined when there is none. */
  running(key: string): Load | undefined {
    return this.#loads.get(key);
  }

  /**
   * Starts a load under a lease; whoever asks for `running` joins it.
   *
   * @param parent is the call inside which the load is made; a load behind its caller has none
   */
  start(request: ReadRequest, lease: Lease, parent: CallFrame | undefined): Load {
    const load = new Load(request, lease, () => this.#release(load));
    const { key } = request.address;
    const frame = new CallFrame(key, request.info.toolName, parent, load);
    this.#loads.set(key, load);
    load.start(() => this.#load(load, frame));
    return load;
  }

  /** Runs the tool past the cache, and takes note of what only its result can tell that it depends on. */
  async run(request: LoadRequest, frame: CallFrame, execution: Execution): Promise<unknown> {
    const value = await this.#reporter.execution(request.info, 'read', () => request.run(frame, execution));
    absorbResult(frame, request, value);
    return value;
  }

  async #load(load: Load, frame: CallFrame): Promise<Landing> {
    const { request } = load;
    const { info, place, tags } = request;
    const startedAt = this.#clock.now();
    frame.absorb(tags, place);
    let value: unknown;
    try {
      value = await request.run(frame, new FlightExecution(load));
    } catch (error) {
      // A tool that throws at once is still running for those who ask in the same breath.
      await Promise.resolve();
      this.#reporter.executed(info, 'read', this.#clock.now() - startedAt, { error });
      this.#release(load);
      throw error;
    }
    const landedAt = this.#clock.now();
    this.#reporter.executed(info, 'read', landedAt - startedAt);
    absorbResult(frame, request, value);
    const admission = load.isAbandoned ? undefined : this.#admit(value, request, frame);
    if (admission === undefined) {
      this.#release(load);
      return { value, snapshot: load.isShared ? copyOf(value, request) : undefined, frame };
    }
    const committed = this.#commit(load, admission, startedAt, landedAt);
    this.#forget(load);
    return { value, snapshot: admission.snapshot, committed, frame };
  }

  /** Decides on a result; undefined when it is not to be stored. */
  #admit(value: unknown, request: ReadRequest, frame: CallFrame): Admitted | undefined {
    const admission = admit(value, request, frame);
    if (admission.admitted && !this.#dirty.meet(admission.tags)) return admission;
    const { reason, detail } = admission.admitted ? DIRTY : admission;
    this.#reporter.call(request.info, { type: 'entry-rejected', reason, detail });
    return undefined;
  }

  #release(load: Load): void {
    // An abandoned load has given it back already.
    if (load.isAbandoned) return;
    this.#forget(load);
    this.#store.release(load.lease);
  }

  #forget(load: Load): void {
    const { key } = load.request.address;
    if (this.#loads.get(key) === load) this.#loads.delete(key);
  }

  // Not awaited by the load: its callers have their value, whether or not there is room for it in the store.
  // It gives the lease back by itself.
  #commit(
    { request, lease }: Load,
    { snapshot, tags, ttlMs }: Admitted,
    startedAt: number,
    landedAt: number,
  ): MaybePromise<CommitResult | undefined> {
    const { info, rules, declarer, resources, resourceCounters, place } = request;
    const loadMs = landedAt - startedAt;
    const { earlyRefresh } = rules;
    const refreshAt = earlyRefresh === 0 ? undefined : drawRefreshTime(landedAt + ttlMs, loadMs, earlyRefresh);
    const local = noteFor(declarer, resourceCounters, refreshAt);
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

type Admitted = Extract<Admission, { readonly admitted: true }>;

const DIRTY = { reason: 'store-failed', detail: UNACKNOWLEDGED } as const;

/** Copies a result that is not stored for those who joined; what cannot be copied is the same for all of them. */
function copyOf(value: unknown, { rules }: ReadRequest): ValueSnapshot | undefined {
  try {
    return takeSnapshot(value, rules.isolation);
  } catch {
    return undefined;
  }
}

/** Takes note of what only a result can tell that it depends on. */
function absorbResult(frame: CallFrame, { resultTags, place }: LoadRequest, value: unknown): void {
  if (resultTags === undefined) return;
  try {
    frame.absorb(resultTags(value), place);
  } catch {
    frame.isOpaque = true;
  }
}
