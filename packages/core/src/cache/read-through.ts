import type { BypassReason } from '../events.ts';
import { isPromise, type MaybePromise } from '../maybe-promise.ts';
import type { Counters } from '../observe/counters.ts';
import type { InvalidationJournal } from '../observe/invalidation-journal.ts';
import type { Reporter } from '../observe/reporter.ts';
import { CallFrame, type Blocker } from '../session/call-frame.ts';
import { activeBlocker } from '../session/session-context.ts';
import type { AcquireRequest, Acquisition, EntryAddress, Lease, StoredEntry } from '../store/entry-store.ts';
import type { ToolOutcome } from '../tool-call.ts';
import { UNACKNOWLEDGED, type DirtyTags } from './dirty-tags.ts';
import { noteFor, noteOf } from './entry-note.ts';
import type { EntryServer } from './entry-server.ts';
import type { GuardedStore } from './guarded-store.ts';
import type { Landing, Load } from './load.ts';
import type { Loader } from './loader.ts';
import type { LoadRequest, ReadRequest } from './read-request.ts';
import { abortable, NEVER, wouldDeadlock } from './single-flight.ts';

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
  readonly #hits: EntryServer;
  readonly #loader: Loader;
  readonly #reporter: Reporter;
  readonly #journal: InvalidationJournal;
  readonly #dirty: DirtyTags;
  /** Holds the policies of tools that were seen to read what is private: those who join them are looked at one by one. */
  readonly #secretive = new WeakSet<object>();

  constructor(
    store: GuardedStore,
    hits: EntryServer,
    loader: Loader,
    reporter: Reporter,
    journal: InvalidationJournal,
    dirty: DirtyTags,
  ) {
    this.#store = store;
    this.#hits = hits;
    this.#loader = loader;
    this.#reporter = reporter;
    this.#journal = journal;
    this.#dirty = dirty;
  }

  /** Answers a read that `hit` could not answer. */
  read(request: ReadRequest): Promise<ToolOutcome> {
    const { signal, tags } = request;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#dirty.meet(tags)) return this.bypass(request, 'store-failed', UNACKNOWLEDGED);
    const dirty = this.#dirty.now();
    const asked = this.#store.acquire(acquisition(request, request.refresh ?? false), signal);
    // Where the answer is there at once, so is the load that it grants: nobody can come in between.
    return isPromise(asked)
      ? asked.then((acquired) => this.#act(request, acquired, dirty))
      : Promise.resolve(this.#act(request, asked, dirty));
  }

  /** @param dirty lists the tags that were dirty when the store was asked: it may have answered before it took note of them */
  #act(
    request: ReadRequest,
    acquired: Acquisition | undefined,
    dirty: ReadonlySet<string> | undefined,
  ): MaybePromise<ToolOutcome> {
    switch (acquired?.kind) {
      case 'hit': {
        const { entry } = acquired;
        const isDirty = entry.tags.some((tag) => dirty?.has(tag)) || this.#dirty.meet(entry.tags);
        if (isDirty) return this.bypass(request, 'store-failed', UNACKNOWLEDGED);
        return this.#serve(request, entry);
      }
      case 'lead':
        return this.#lead(request, acquired);
      case 'follow':
        return this.#follow(request, acquired);
      default:
        return this.bypass(request, acquired === undefined ? 'store-failed' : 'session-ended');
    }
  }

  /**
   * Joins a load, for a call that nobody watches (see `EntryServer.glance`); undefined when there is none, or more to
   * decide.
   *
   * @param again asks once more, when the result turns out to be not for the caller
   */
  joinAtAGlance(
    { key }: EntryAddress,
    declarer: object,
    counters: readonly Counters[],
    again: () => Promise<unknown>,
  ): Promise<unknown> | undefined {
    const load = this.#loader.running(key);
    // A load of another cache may wait for the caller, and this load for that one.
    if (load === undefined || activeBlocker() !== undefined) return undefined;
    if (this.#reporter.observed || this.#dirty.any || !this.#store.isImmediate) return undefined;
    const { request } = load;
    const { rules, resourceCounters } = request;
    const isPlain = request.resultTags === undefined && rules.staleIfErrorMs + rules.staleWhileRevalidateMs === 0;
    if (request.declarer !== declarer || !isPlain || this.#secretive.has(declarer)) return undefined;
    const acquired = this.#store.acquire(acquisition(request, false)) as Acquisition | undefined;
    if (acquired?.kind === 'lead') this.#store.release(acquired.lease);
    if (acquired?.kind !== 'follow' || acquired.leaseId !== load.lease.id) return undefined;
    return load.join(undefined).then(
      ({ frame, snapshot, value }) => {
        if (this.#isPrivate(request, frame) || !this.#isAsNew(request, acquired, frame)) return again();
        this.#reporter.count('coalesced', counters, resourceCounters);
        return snapshot === undefined ? value : snapshot.open();
      },
      (error: unknown) => {
        this.#reporter.count('coalesced', counters, resourceCounters);
        throw error;
      },
    );
  }

  /** Runs the tool past the cache, and says why. */
  async bypass(request: LoadRequest, reason: BypassReason, detail?: string): Promise<ToolOutcome> {
    const { info, parent, place } = request;
    this.#reporter.call(info, { type: 'call-bypassed', reason, detail }, 'bypassed');
    const frame = new CallFrame(UNKEYED, info.toolName, parent, activeBlocker());
    frame.absorb(request.tags, place);
    try {
      const result = this.#loader.run(request, frame, { signal: request.signal ?? NEVER });
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
    adopt(entry, request);
    const now = this.#hits.serve(request, entry, request.resourceCounters);
    if (now >= (noteOf(entry)?.refreshAt ?? Infinity)) this.#store.track(this.#refresh(request));
    return { status: 'hit', value: entry.snapshot.open() };
  }

  async #lead(request: ReadRequest, { lease, reason, culprit, expired }: Granted): Promise<ToolOutcome> {
    const { info, rules, resourceCounters, place, parent } = request;
    const entry = this.#hits.usable(request, rules.staleWhileRevalidateMs, expired);
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
    if (entry !== undefined) {
      this.#reporter.call(info, miss);
      this.#loadBehind(request, lease);
      return this.#hits.stale(request, entry, 'while-revalidate');
    }
    this.#reporter.call(info, miss, 'misses', resourceCounters);
    const landing = await this.#land(request, this.#loader.start(request, lease, parent));
    if ('status' in landing) return landing;
    parent?.absorbCall(landing.frame);
    // The one who loads gets the result itself, unless the tool promises frozen ones to all.
    const isShared = rules.isolation === 'freeze' && landing.snapshot !== undefined;
    return { status: 'miss', value: isShared ? landing.snapshot.open() : landing.value };
  }

  /** Joins a load that is running here, or waits for one elsewhere, and then asks again. */
  async #follow(request: ReadRequest, followed: Followed): Promise<ToolOutcome> {
    const { info, rules, resourceCounters, place, signal } = request;
    const entry = this.#hits.usable(request, rules.staleWhileRevalidateMs, followed.expired);
    if (entry !== undefined) return this.#hits.stale(request, entry, 'while-revalidate');
    const load = this.#loader.running(request.address.key);
    if (load?.lease.id === followed.leaseId) {
      if (wouldDeadlock(load, activeBlocker())) return this.bypass(request, 'would-deadlock');
      let outcome: ToolOutcome | undefined;
      try {
        const landing = await this.#land(request, load);
        outcome = 'status' in landing ? landing : await this.#share(request, landing, followed);
      } catch (error) {
        this.#reporter.call(info, { type: 'call-coalesced', scope: place.scope }, 'coalesced', resourceCounters);
        throw error;
      }
      if (outcome !== undefined) return outcome;
    }
    await abortable(followed.settled, signal);
    return this.read(request);
  }

  /** Hands the result of a load to a caller that joined it; undefined when it turns out to be older than the caller. */
  async #share(request: ReadRequest, landing: Landing, followed: Followed): Promise<ToolOutcome | undefined> {
    const { info, parent, resourceCounters, place } = request;
    const { frame, snapshot, committed, value } = landing;
    // Some tools read what belongs to one session or user inside a result for many. It is not for those who joined.
    if (this.#isPrivate(request, frame)) return this.bypass(request, 'private-load');
    const isProven = this.#isAsNew(request, followed, frame) || (await committed) === 'stored';
    if (!isProven) return undefined;
    this.#reporter.call(info, { type: 'call-coalesced', scope: place.scope }, 'coalesced', resourceCounters);
    parent?.absorbCall(frame);
    return { status: 'coalesced', value: snapshot === undefined ? value : snapshot.open() };
  }

  /**
   * Tells whether the result of a load is as new as the caller who joined it. The tags that are known beforehand were
   * checked when the caller came. Those that only the result could tell were not: if one of them was invalidated
   * meanwhile, that may have been before the caller came.
   */
  #isAsNew({ tags, resultTags }: ReadRequest, { current }: Followed, frame: CallFrame): boolean {
    const isKnown = resultTags === undefined && frame.tags.every((tag) => tags.includes(tag));
    return isKnown || (current && !this.#dirty.meet(frame.tags));
  }

  /** Tells whether the result of a load is not for all who may see its place. */
  #isPrivate({ place, declarer }: ReadRequest, frame: CallFrame): boolean {
    const isPrivate = frame.privateTo(place) !== undefined;
    if (isPrivate) this.#secretive.add(declarer);
    return isPrivate;
  }

  /** Renews an entry before its time is over. */
  async #refresh(request: ReadRequest): Promise<void> {
    const acquired = await this.#store.acquire(acquisition(request, true));
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
    const load = this.#loader.start(request, lease, undefined);
    this.#store.track(load.join(undefined).catch(() => undefined));
  }

  /** Waits for a load; where the policy says so, a valid entry stands in for one that failed. */
  #land(request: ReadRequest, load: Load): Promise<Landing | ToolOutcome> {
    const blockedOn = activeBlocker()?.blockedOn;
    // A call inside no other one, of a tool that may not serve stale results, has nothing to see to.
    const isPlain = blockedOn === undefined && request.parent === undefined && request.rules.staleIfErrorMs === 0;
    return isPlain ? load.join(request.signal) : this.#landWithCare(request, load, blockedOn);
  }

  /** Returns an entry that may stand in for a load that failed: one that is valid now, not one that was when the load began. */
  async #standIn(request: ReadRequest): Promise<StoredEntry | undefined> {
    const { address, tags, rules } = request;
    if (rules.staleIfErrorMs === 0) return undefined;
    const atHand = this.#hits.usable(request, rules.staleIfErrorMs, undefined);
    return atHand ?? this.#hits.usable(request, rules.staleIfErrorMs, await this.#store.valid(address, tags));
  }

  async #landWithCare(
    request: ReadRequest,
    load: Load,
    blockedOn: Blocker[] | undefined,
  ): Promise<Landing | ToolOutcome> {
    const { parent, signal, tags, place } = request;
    blockedOn?.push(load);
    try {
      return await load.join(signal);
    } catch (error) {
      parent?.absorb(tags, place);
      const entry = signal?.aborted ? undefined : await this.#standIn(request);
      if (entry === undefined) throw error;
      return this.#hits.stale(request, entry, 'if-error');
    } finally {
      blockedOn?.splice(blockedOn.indexOf(load), 1);
    }
  }
}

/** Lets the entry of another process answer the next call at once, as one's own does: it depends on all that is declared here. */
function adopt(entry: StoredEntry, { declarer, resourceCounters, tags }: ReadRequest): void {
  if (entry.local !== undefined || !tags.every((tag) => entry.tags.includes(tag))) return;
  entry.local = noteFor(declarer, resourceCounters);
}

function acquisition({ address, tags, rules, parent }: ReadRequest, refresh: boolean): AcquireRequest {
  return { address, tags, isolation: rules.isolation, refresh, strict: parent?.blocker !== undefined };
}
