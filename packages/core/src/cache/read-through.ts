import type { Clock } from '../clock.ts';
import type { ValueSnapshot } from '../codec/value-snapshot.ts';
import type { BypassReason } from '../events.ts';
import { isPromise, type MaybePromise } from '../maybe-promise.ts';
import type { Counters } from '../observe/counters.ts';
import type { InvalidationJournal } from '../observe/invalidation-journal.ts';
import type { CallInfo, Reporter } from '../observe/reporter.ts';
import { CallFrame } from '../session/call-frame.ts';
import type { Place } from '../session/place.ts';
import { activeBlocker } from '../session/session-context.ts';
import type { Acquisition, CommitResult, EntryAddress, EntryStore, Lease, StoredEntry } from '../store/entry-store.ts';
import type { ToolOutcome } from '../tool-call.ts';
import { admit, type Admission } from './admission.ts';
import type { DirtyTags } from './dirty-tags.ts';
import type { LoadRequest, ReadRequest } from './read-request.ts';
import { drawRefreshTime } from './refresh.ts';
import { abortable, Flight, wouldDeadlock } from './single-flight.ts';

/** Is what a load leaves behind for those who waited for it. */
interface Landing {
  readonly value: unknown;
  readonly snapshot?: ValueSnapshot;
  /** Is what the store made of it, if it was offered. */
  readonly committed?: MaybePromise<CommitResult | undefined>;
  readonly frame: CallFrame;
}

type Granted = Extract<Acquisition, { readonly kind: 'lead' }>;
type Followed = Extract<Acquisition, { readonly kind: 'follow' }>;

/** Is what an entry remembers in the process that stored it. */
export interface EntryNote {
  /** Is who declared the resources of the entry. */
  readonly declarer: object;
  /** Is when a reader should start a new load behind itself: at the end of the ttl, or a little before. */
  readonly refreshAt: number;
  readonly resources: readonly Counters[];
}

/** Is the key of a call that is not looked up, and so can be nobody's recursion. */
const UNKEYED = '';

const UNACKNOWLEDGED = 'the store has not acknowledged an invalidation yet';

/** Never fires: the signal of a load that nobody can abort. */
export const NEVER: AbortSignal = new AbortController().signal;

/**
 * Reads through the cache: finds a result that is fresh, joins a load that is, or loads.
 *
 * The order of things is the protocol. The lease, and with it the stamp, is taken before the load starts; the commit
 * that follows is refused when the data was invalidated in between; and whoever comes after an invalidation gets a lease
 * of its own instead of the load from before it, which goes on for its own callers alone.
 */
export class ReadThrough {
  readonly #entries: EntryStore;
  readonly #clock: Clock;
  readonly #reporter: Reporter;
  readonly #journal: InvalidationJournal;
  readonly #dirty: DirtyTags;
  readonly #flights = new Map<string, Flight<Landing>>();
  readonly #pending = new Set<Promise<unknown>>();

  constructor(entries: EntryStore, clock: Clock, reporter: Reporter, journal: InvalidationJournal, dirty: DirtyTags) {
    this.#entries = entries;
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
    const entry = this.#peek(address);
    if (entry === undefined) return undefined;
    const note = entry.local as EntryNote | undefined;
    const now = this.#clock.now();
    // Stored by another policy of the same name, the entry may lack resources that this one declares: `read` asks.
    if (note?.declarer !== declarer || now >= note.refreshAt) return undefined;
    parent?.absorb(entry.tags, place);
    this.#reporter.hit(info, entry, place.scope, note.resources, now);
    return entry;
  }

  /** Answers from any entry that is fresh; undefined when there is none. */
  fresh(request: Pick<ReadRequest, 'info' | 'address' | 'place' | 'tags' | 'parent'>): StoredEntry | undefined {
    const { info, address, tags, parent, place } = request;
    const entry = this.#peek(address, tags);
    const now = this.#clock.now();
    if (entry === undefined || now >= entry.freshUntil) return undefined;
    parent?.absorb([...entry.tags, ...tags], place);
    this.#reporter.hit(info, entry, place.scope, (entry.local as EntryNote | undefined)?.resources ?? [], now);
    return entry;
  }

  /** Answers a read that `hit` could not answer. */
  async read(request: ReadRequest): Promise<ToolOutcome> {
    const { signal, tags } = request;
    signal?.throwIfAborted();
    for (;;) {
      if (this.#dirty.meet(tags)) return this.bypass(request, 'store-failed', UNACKNOWLEDGED);
      const dirty = this.#dirty.now();
      const asked = this.#acquire(request, false);
      // Where the answer is there at once, so is the load that it grants: nobody can come in between.
      const acquired = isPromise(asked) ? await abortable(asked, signal, () => this.#giveUp(asked)) : asked;
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
      const result = this.#run(request, frame, request.signal ?? NEVER);
      return { status: 'bypass', value: await abortable(result, request.signal) };
    } finally {
      parent?.absorbCall(frame);
    }
  }

  /** Waits for commits and refreshes that are still on their way. */
  async drain(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }

  #serve(request: ReadRequest, entry: StoredEntry): ToolOutcome {
    const { info, parent, resourceCounters, place } = request;
    const now = this.#clock.now();
    parent?.absorb([...entry.tags, ...request.tags], place);
    this.#reporter.hit(info, entry, place.scope, resourceCounters, now);
    if (now >= ((entry.local as EntryNote | undefined)?.refreshAt ?? Infinity)) this.#track(this.#refresh(request));
    return { status: 'hit', value: entry.snapshot.open() };
  }

  async #loadOrServeStale(request: ReadRequest, { lease, reason, culprit }: Granted): Promise<ToolOutcome> {
    const { info, rules, resourceCounters, place } = request;
    const entry = this.#usable(request, rules.staleWhileRevalidateMs);
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
      const landing = await this.#land(request, this.#lead(request, lease));
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
  async #follow(request: ReadRequest, { leaseId, current }: Followed): Promise<ToolOutcome | undefined> {
    const { info, rules, parent, resourceCounters, tags, place } = request;
    const entry = this.#usable(request, rules.staleWhileRevalidateMs);
    if (entry !== undefined) return this.#stale(request, entry, 'while-revalidate');
    const flight = this.#flights.get(leaseId);
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

  /** Returns a valid entry that may still serve this long past its ttl. Not to a nested read: its parent would hide that. */
  #usable({ address, tags, parent }: ReadRequest, windowMs: number): StoredEntry | undefined {
    if (windowMs === 0 || parent !== undefined) return undefined;
    const entry = this.#peek(address, tags);
    return entry !== undefined && this.#clock.now() < entry.freshUntil + windowMs ? entry : undefined;
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
    const acquired = await this.#acquire(request, true);
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
    const flight = this.#lead({ ...request, signal: undefined, parent: undefined }, lease);
    this.#track(flight.join(undefined).catch(() => undefined));
  }

  #lead(request: ReadRequest, lease: Lease): Flight<Landing> {
    const release = (): void => {
      void this.#call('release', () => this.#entries.release(lease));
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

  async #load(request: ReadRequest, lease: Lease, signal: AbortSignal, frame: CallFrame): Promise<Landing> {
    const { info, place } = request;
    const startedAt = this.#clock.now();
    frame.absorb(request.tags, place);
    const value = await this.#run(request, frame, signal);
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
    const retainMs = Math.max(rules.staleWhileRevalidateMs, rules.staleIfErrorMs);
    const draft = { snapshot, tags, ttlMs, retainMs, loadMs, local };
    const report = (result: CommitResult | undefined): void => {
      const { bytes } = snapshot;
      if (result === undefined) void this.#call('release', () => this.#entries.release(lease));
      else if (result === 'stored')
        this.#reporter.call(info, { type: 'entry-stored', scope: place.scope, bytes, ttlMs, resources });
      else if (result === 'too-large')
        this.#reporter.call(info, { type: 'entry-rejected', reason: result, detail: `${bytes} bytes` });
      else this.#reporter.call(info, { type: 'entry-superseded', reason: result }, 'superseded', resourceCounters);
    };
    return this.#call('commit', () => this.#entries.commit(lease, draft), report);
  }

  /** Runs the tool, and takes note of what only its result can tell that it depends on. */
  async #run(request: LoadRequest, frame: CallFrame, signal: AbortSignal): Promise<unknown> {
    const { info, enter, execute, resultTags, place } = request;
    const value = await this.#reporter.execution(info, 'read', () => enter(frame, () => execute({ signal })));
    try {
      if (resultTags !== undefined) frame.absorb(resultTags(value), place);
    } catch {
      frame.isOpaque = true;
    }
    return value;
  }

  /** Waits for a load; where the policy says so, a valid entry stands in for one that failed. */
  async #land(request: ReadRequest, flight: Flight<Landing>): Promise<Landing | ToolOutcome> {
    const { rules, parent, signal, tags, place } = request;
    const waiting = activeBlocker()?.blockedOn;
    waiting?.push(flight);
    try {
      return await flight.join(signal);
    } catch (error) {
      parent?.absorb(tags, place);
      const entry = signal?.aborted ? undefined : this.#usable(request, rules.staleIfErrorMs);
      if (entry === undefined) throw error;
      return this.#stale(request, entry, 'if-error');
    } finally {
      waiting?.splice(waiting.indexOf(flight), 1);
    }
  }

  #acquire({ address, tags, rules }: ReadRequest, refresh: boolean): MaybePromise<Acquisition | undefined> {
    const { isolation } = rules;
    return this.#call('acquire', () => this.#entries.acquire({ address, tags, isolation, refresh }));
  }

  /** Gives back the lease that comes too late for its caller. */
  #giveUp(asked: Promise<Acquisition | undefined>): void {
    this.#track(
      asked.then((acquired) => {
        if (acquired?.kind === 'lead') void this.#call('release', () => this.#entries.release(acquired.lease));
      }),
    );
  }

  #peek(address: EntryAddress, declared?: readonly string[]): StoredEntry | undefined {
    try {
      const entry = this.#entries.peek(address, declared);
      return entry !== undefined && this.#dirty.meet(entry.tags) ? undefined : entry;
    } catch {
      return undefined; // `acquire` meets the same failure and reports it
    }
  }

  /** Calls the store; a failure is reported, and `done` then gets nothing. */
  #call<R>(
    operation: string,
    call: () => MaybePromise<R>,
    done?: (result: R | undefined) => void,
  ): MaybePromise<R | undefined> {
    const succeed = (result: R): R => {
      done?.(result);
      return result;
    };
    const fail = (error: unknown): undefined => {
      this.#reporter.note({ type: 'store-error', operation, error });
      done?.(undefined);
    };
    try {
      const answer = call();
      if (!isPromise(answer)) return succeed(answer);
      const settled = answer.then(succeed, fail);
      this.#track(settled);
      return settled;
    } catch (error) {
      return fail(error);
    }
  }

  #track(work: Promise<unknown>): void {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }
}
