import type { Clock } from '../clock.ts';
import type { BypassReason } from '../events.ts';
import { isPromise } from '../maybe-promise.ts';
import type { Counters } from '../observe/counters.ts';
import type { InvalidationJournal } from '../observe/invalidation-journal.ts';
import type { CallInfo, Reporter } from '../observe/reporter.ts';
import { CallFrame } from '../session/call-frame.ts';
import type { Place } from '../session/place.ts';
import { activeBlocker } from '../session/session-context.ts';
import type {
  AcquireRequest,
  Acquisition,
  EntryAddress,
  EntryStore,
  Lease,
  StoredEntry,
} from '../store/entry-store.ts';
import type { ToolOutcome } from '../tool-call.ts';
import { UNACKNOWLEDGED, type DirtyTags } from './dirty-tags.ts';
import { noteOf } from './entry-note.ts';
import { GuardedStore } from './guarded-store.ts';
import { Loader, type Landing } from './loader.ts';
import type { LoadRequest, ReadRequest } from './read-request.ts';
import { abortable, NEVER, wouldDeadlock, type Flight } from './single-flight.ts';

type Granted = Extract<Acquisition, { readonly kind: 'lead' }>;
type Followed = Extract<Acquisition, { readonly kind: 'follow' }>;

/** Is the key of a call that is not looked up, and so can be nobody's recursion. */
const UNKEYED = '';

/**
 * Reads through the cache: finds a result that is fresh, joins a load that is, or loads.
 *
 * The order of things is the protocol. The lease, and with it the stamp, is taken before the load starts; the commit
 * that follows is refused when the data was invalidated in between; and whoever comes after an invalidation gets a lease
 * of its own instead of the load from before it, which goes on for its own callers alone.
 */
export class ReadThrough {
  readonly #store: GuardedStore;
  readonly #loader: Loader;
  readonly #clock: Clock;
  readonly #reporter: Reporter;
  readonly #journal: InvalidationJournal;
  readonly #dirty: DirtyTags;

  constructor(entries: EntryStore, clock: Clock, reporter: Reporter, journal: InvalidationJournal, dirty: DirtyTags) {
    this.#store = new GuardedStore(entries, reporter, dirty);
    this.#loader = new Loader(this.#store, clock, reporter, dirty);
    this.#clock = clock;
    this.#reporter = reporter;
    this.#journal = journal;
    this.#dirty = dirty;
  }

  /** Answers from an entry that is valid and within its ttl, without waiting; undefined when there is none. */
  hit(
    info: CallInfo,
    address: EntryAddress,
    place: Place,
    declarer: object,
    parent: CallFrame | undefined,
  ): StoredEntry | undefined {
    const entry = this.#store.peek(address);
    if (entry === undefined) return undefined;
    const note = noteOf(entry);
    const now = this.#clock.now();
    // Stored by another policy of the same name, the entry may lack resources that this one declares: `read` asks.
    if (note?.declarer !== declarer || now >= note.refreshAt) return undefined;
    parent?.absorb(entry.tags, place);
    this.#reporter.hit(info, entry, place.scope, note.resources, now);
    return entry;
  }

  /**
   * Answers like `hit`, for a call that nobody watches: no listener, no call around it. Nothing is put together for it.
   *
   * @param counters count for the tool
   */
  glance(address: EntryAddress, declarer: object, counters: readonly Counters[]): Promise<unknown> | undefined {
    if (this.#reporter.observed) return undefined;
    const entry = this.#store.peek(address);
    if (entry === undefined) return undefined;
    const note = noteOf(entry);
    if (note?.declarer !== declarer || this.#clock.now() >= note.refreshAt) return undefined;
    this.#reporter.unobservedHit(counters, entry, note.resources);
    return entry.snapshot.promise();
  }

  /** Answers from any entry that is fresh; undefined when there is none. */
  fresh(request: Pick<ReadRequest, 'info' | 'address' | 'place' | 'tags' | 'parent'>): StoredEntry | undefined {
    const { info, address, tags, parent, place } = request;
    const entry = this.#store.peek(address, tags);
    const now = this.#clock.now();
    if (entry === undefined || now >= entry.freshUntil) return undefined;
    parent?.absorb([...entry.tags, ...tags], place);
    this.#reporter.hit(info, entry, place.scope, noteOf(entry)?.resources ?? [], now);
    return entry;
  }

  /** Answers a read that `hit` could not answer. */
  async read(request: ReadRequest): Promise<ToolOutcome> {
    const { signal, tags } = request;
    signal?.throwIfAborted();
    for (;;) {
      if (this.#dirty.meet(tags)) return this.bypass(request, 'store-failed', UNACKNOWLEDGED);
      const dirty = this.#dirty.now();
      const asked = this.#store.acquire(acquisition(request), signal);
      // Where the answer is there at once, so is the load that it grants: nobody can come in between.
      const acquired = isPromise(asked) ? await asked : asked;
      if (acquired === undefined) return this.bypass(request, 'store-failed');
      if (acquired.kind === 'ended') return this.bypass(request, 'session-ended');
      if (acquired.kind === 'lead') return this.#loadOrServeStale(request, acquired);
      if (acquired.kind === 'hit') {
        // The store may have answered before it took note of what has been acknowledged since.
        const isDirty = acquired.entry.tags.some((tag) => dirty?.has(tag)) || this.#dirty.meet(acquired.entry.tags);
        return isDirty ? this.bypass(request, 'store-failed', UNACKNOWLEDGED) : this.#serve(request, acquired.entry);
      }
      const outcome = await this.#follow(request, acquired);
      if (outcome !== undefined) return outcome;
      await abortable(acquired.settled, signal);
    }
  }

  /** Runs the tool past the cache, and says why. */
  async bypass(request: LoadRequest, reason: BypassReason, detail?: string): Promise<ToolOutcome> {
    const { info, parent, place } = request;
    this.#reporter.call(info, { type: 'call-bypassed', reason, detail }, 'bypassed');
    const frame = new CallFrame(UNKEYED, info.toolName, parent, activeBlocker());
    frame.absorb(request.tags, place);
    try {
      const result = this.#loader.run(request, frame, request.signal ?? NEVER);
      return { status: 'bypass', value: await abortable(result, request.signal) };
    } finally {
      parent?.absorbCall(frame);
    }
  }

  /** Waits for commits and refreshes that are still on their way. */
  drain(): Promise<void> {
    return this.#store.drain();
  }

  #serve(request: ReadRequest, entry: StoredEntry): ToolOutcome {
    const { info, parent, resourceCounters, place } = request;
    const now = this.#clock.now();
    parent?.absorb([...entry.tags, ...request.tags], place);
    this.#reporter.hit(info, entry, place.scope, resourceCounters, now);
    if (now >= (noteOf(entry)?.refreshAt ?? Infinity)) this.#store.track(this.#refresh(request));
    return { status: 'hit', value: entry.snapshot.open() };
  }

  async #loadOrServeStale(request: ReadRequest, { lease, reason, culprit, expired }: Granted): Promise<ToolOutcome> {
    const { info, rules, resourceCounters, place } = request;
    const entry = this.#usable(request, rules.staleWhileRevalidateMs, expired);
    const background = entry !== undefined;
    const cause = this.#journal.causeOf(culprit);
    const miss = {
      type: 'cache-miss',
      scope: place.scope,
      reason,
      invalidatedBy: cause?.by,
      changed: cause?.resources,
      background,
    } as const;
    if (entry === undefined) {
      this.#reporter.call(info, miss, 'misses', resourceCounters);
      const landing = await this.#land(request, this.#loader.start(request, lease));
      if ('status' in landing) return landing;
      request.parent?.absorbCall(landing.frame);
      // The one who loads gets the result itself, unless the tool promises frozen ones to all.
      const isShared = rules.isolation === 'freeze' && landing.snapshot !== undefined;
      return { status: 'miss', value: isShared ? landing.snapshot.open() : landing.value };
    }
    this.#reporter.call(info, miss);
    this.#loadBehind(request, lease);
    return this.#stale(request, entry, 'while-revalidate');
  }

  /** Joins a load that is running here; undefined when there is none, or when its result turns out to be older than the caller. */
  async #follow(request: ReadRequest, { leaseId, current, expired }: Followed): Promise<ToolOutcome | undefined> {
    const { info, rules, parent, resourceCounters, tags, place } = request;
    const entry = this.#usable(request, rules.staleWhileRevalidateMs, expired);
    if (entry !== undefined) return this.#stale(request, entry, 'while-revalidate');
    const flight = this.#loader.running(leaseId);
    if (flight === undefined) return undefined;
    if (wouldDeadlock(flight, activeBlocker())) return this.bypass(request, 'would-deadlock');
    this.#reporter.call(info, { type: 'call-coalesced', scope: place.scope }, 'coalesced', resourceCounters);
    const landing = await this.#land(request, flight);
    if ('status' in landing) return landing;
    // Some tools read what belongs to one session or user inside a result for many. It is not for those who joined.
    if (landing.frame.privateTo(place) !== undefined) return this.bypass(request, 'private-load');
    // The tags that are known beforehand were checked when the caller came. Those that only the result could tell were
    // not: if one of them was invalidated meanwhile, that may have been before the caller came.
    const isKnown = request.resultTags === undefined && [...landing.frame.tags].every((tag) => tags.includes(tag));
    const isDirty = this.#dirty.meet([...landing.frame.tags]);
    const isProven = isKnown || (current && !isDirty) || (await landing.committed) === 'stored';
    if (!isProven) return undefined;
    parent?.absorbCall(landing.frame);
    return { status: 'coalesced', value: landing.snapshot === undefined ? landing.value : landing.snapshot.open() };
  }

  /**
   * Returns a valid entry that may still serve this long past its ttl. Not to a nested read: its parent would hide that.
   *
   * @param offered is such an entry, from a store that has just been asked
   */
  #usable(
    { address, tags, parent, refresh }: ReadRequest,
    windowMs: number,
    offered: StoredEntry | undefined,
  ): StoredEntry | undefined {
    if (windowMs === 0 || parent !== undefined || refresh) return undefined;
    const entry = this.#store.peek(address, tags) ?? offered;
    return entry !== undefined && this.#clock.now() < entry.freshUntil + windowMs ? entry : undefined;
  }

  /** Returns an entry that may stand in for a load that failed: one that is valid now, not one that was when the load began. */
  async #standIn(request: ReadRequest): Promise<StoredEntry | undefined> {
    const { address, tags, rules } = request;
    if (rules.staleIfErrorMs === 0) return undefined;
    return this.#usable(request, rules.staleIfErrorMs, await this.#store.valid(address, tags));
  }

  #stale(
    { info, resourceCounters, place }: ReadRequest,
    entry: StoredEntry,
    mode: 'while-revalidate' | 'if-error',
  ): ToolOutcome {
    const ageMs = this.#clock.now() - entry.storedAt;
    const details = { type: 'cache-stale', scope: place.scope, mode, ageMs, savedMs: entry.loadMs } as const;
    this.#reporter.call(info, details, 'stale', resourceCounters);
    return { status: 'stale', value: entry.snapshot.open() };
  }

  /** Renews an entry before its time is over. */
  async #refresh(request: ReadRequest): Promise<void> {
    const acquired = await this.#store.acquire(acquisition({ ...request, refresh: true }));
    if (acquired?.kind !== 'lead') return;
    this.#reporter.call(request.info, {
      type: 'cache-miss',
      scope: request.place.scope,
      reason: 'refresh',
      background: true,
    });
    this.#loadBehind(request, acquired.lease);
  }

  /** Loads behind a caller that has its answer already: its signal and the call around it are none of the load's business. */
  #loadBehind(request: ReadRequest, lease: Lease): void {
    const flight = this.#loader.start({ ...request, signal: undefined, parent: undefined }, lease);
    this.#store.track(flight.join(undefined).catch(() => undefined));
  }

  /** Waits for a load; where the policy says so, a valid entry stands in for one that failed. */
  async #land(request: ReadRequest, flight: Flight<Landing>): Promise<Landing | ToolOutcome> {
    const { parent, signal, tags, place } = request;
    const waiting = activeBlocker()?.blockedOn;
    waiting?.push(flight);
    try {
      return await flight.join(signal);
    } catch (error) {
      parent?.absorb(tags, place);
      const entry = signal?.aborted ? undefined : await this.#standIn(request);
      if (entry === undefined) throw error;
      return this.#stale(request, entry, 'if-error');
    } finally {
      waiting?.splice(waiting.indexOf(flight), 1);
    }
  }
}

function acquisition({ address, tags, rules, refresh = false }: ReadRequest): AcquireRequest {
  return { address, tags, isolation: rules.isolation, refresh };
}
