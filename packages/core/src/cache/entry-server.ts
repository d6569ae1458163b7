import type { Clock } from '../clock.ts';
import type { Counters } from '../observe/counters.ts';
import type { CallInfo, Reporter } from '../observe/reporter.ts';
import type { CallFrame } from '../session/call-frame.ts';
import type { Place } from '../session/place.ts';
import type { EntryAddress, StoredEntry } from '../store/entry-store.ts';
import type { ToolOutcome } from '../tool-call.ts';
import { noteOf } from './entry-note.ts';
import type { GuardedStore } from './guarded-store.ts';
import type { ReadRequest } from './read-request.ts';

/** Answers calls from entries that are at hand, without waiting for anything. */
export class EntryServer {
  readonly #store: GuardedStore;
  readonly #clock: Clock;
  readonly #reporter: Reporter;
  readonly #isBounded: boolean;

  /** @param isBounded tells that what is at hand may be stale for a while */
  constructor(store: GuardedStore, clock: Clock, reporter: Reporter, isBounded: boolean) {
    this.#store = store;
    this.#clock = clock;
    this.#reporter = reporter;
    this.#isBounded = isBounded;
  }

  /** Answers from an entry that is valid and within its ttl, without waiting; undefined when there is none. */
  hit(
    info: CallInfo,
    address: EntryAddress,
    place: Place,
    declarer: object,
    parent: CallFrame | undefined,
  ): StoredEntry | undefined {
    if (this.#mayBeTooOld(parent)) return undefined;
    const entry = this.#store.peek(address);
    if (entry === undefined) return undefined;
    const now = this.#clock.now();
    return this.#isFor(declarer, entry, now) ? this.#take(info, entry, place, parent, now) : undefined;
  }

  /**
   * Answers like `hit`, once the store has proved that the entry at hand is valid; undefined when there is none to prove.
   *
   * @param otherwise answers when the proof shows nothing, or when the store has failed
   */
  hitSoon(
    info: CallInfo,
    address: EntryAddress,
    place: Place,
    declarer: object,
    parent: CallFrame | undefined,
    otherwise: (hasFailed: boolean) => Promise<ToolOutcome>,
  ): Promise<ToolOutcome> | undefined {
    const serve = (entry: StoredEntry, now: number): ToolOutcome => {
      this.#take(info, entry, place, parent, now);
      return { status: 'hit', value: entry.snapshot.open() };
    };
    return this.#soon(address, declarer, serve, otherwise);
  }

  /**
   * Answers like `hit`, for a call that nobody watches: no listener, no call around it. Nothing is put together for it.
   *
   * @param counters count for the tool
   */
  glance(address: EntryAddress, declarer: object, counters: readonly Counters[]): Promise<unknown> | undefined {
    if (this.#reporter.observed) return undefined;
    const entry = this.#store.peek(address);
    if (entry === undefined || !this.#isFor(declarer, entry, this.#clock.now())) return undefined;
    this.#reporter.unobservedHit(counters, entry, noteOf(entry)!.resources);
    return entry.snapshot.promise();
  }

  /** Answers like `glance`, once the store has proved that the entry at hand is valid; see `hitSoon`. */
  glanceSoon(
    address: EntryAddress,
    declarer: object,
    counters: readonly Counters[],
    otherwise: (hasFailed: boolean) => Promise<unknown>,
  ): Promise<unknown> | undefined {
    if (this.#reporter.observed) return undefined;
    const serve = (entry: StoredEntry): unknown => {
      this.#reporter.unobservedHit(counters, entry, noteOf(entry)!.resources);
      return entry.snapshot.open();
    };
    return this.#soon(address, declarer, serve, otherwise);
  }

  /** Answers from an entry that is fresh, wherever it is; undefined when there is none, or the store does not say. */
  async find(
    request: Pick<ReadRequest, 'info' | 'address' | 'place' | 'tags' | 'parent'>,
  ): Promise<StoredEntry | undefined> {
    const { address, tags } = request;
    const entry = this.#store.peek(address, tags) ?? (await this.#store.valid(address, tags));
    if (entry === undefined || this.#clock.now() >= entry.freshUntil) return undefined;
    this.serve(request, entry, noteOf(entry)?.resources ?? []);
    return entry;
  }

  /** Tells whether a call is part of a load, whose result would outlive the bound on what is at hand. */
  #mayBeTooOld(parent: CallFrame | undefined): boolean {
    return this.#isBounded && parent?.blocker !== undefined;
  }

  /** Takes note that a call is answered from an entry, and returns the time. */
  serve(
    { info, parent, place, tags }: Pick<ReadRequest, 'info' | 'place' | 'tags' | 'parent'>,
    entry: StoredEntry,
    resources: readonly Counters[],
  ): number {
    const now = this.#clock.now();
    parent?.absorb(entry.tags, place);
    parent?.absorb(tags, place);
    this.#reporter.hit(info, entry, place.scope, resources, now);
    return now;
  }

  /**
   * Returns a valid entry that may still serve this long past its ttl. Not to a nested read: its parent would hide that.
   *
   * @param offered is such an entry, from a store that has just been asked
   */
  usable(
    { address, tags, parent, refresh }: ReadRequest,
    windowMs: number,
    offered: StoredEntry | undefined,
  ): StoredEntry | undefined {
    if (windowMs === 0 || parent !== undefined || refresh === true) return undefined;
    const entry = this.#store.peek(address, tags) ?? offered;
    return entry !== undefined && this.#clock.now() < entry.freshUntil + windowMs ? entry : undefined;
  }

  /** Answers from an entry past its ttl. */
  stale(
    { info, resourceCounters, place }: ReadRequest,
    entry: StoredEntry,
    mode: 'while-revalidate' | 'if-error',
  ): ToolOutcome {
    const ageMs = this.#clock.now() - entry.storedAt;
    const details = { type: 'cache-stale', scope: place.scope, mode, ageMs, savedMs: entry.loadMs } as const;
    this.#reporter.call(info, details, 'stale', resourceCounters);
    return { status: 'stale', value: entry.snapshot.open() };
  }

  #soon<R>(
    address: EntryAddress,
    declarer: object,
    serve: (entry: StoredEntry, now: number) => R,
    otherwise: (hasFailed: boolean) => Promise<R>,
  ): Promise<R> | undefined {
    return this.#store.prove(address)?.then(
      (proof) => {
        const entry = proof && this.#store.peek(address, undefined, proof);
        const now = this.#clock.now();
        return entry !== undefined && this.#isFor(declarer, entry, now) ? serve(entry, now) : otherwise(false);
      },
      (error: unknown) => {
        this.#reporter.note({ type: 'store-error', operation: 'prove', error });
        return otherwise(true);
      },
    );
  }

  /**
   * Tells whether an entry may answer at once. Stored by another policy of the same name, it may lack resources that this
   * one declares, and close to its end it is to be loaded anew: `read` asks.
   */
  #isFor(declarer: object, entry: StoredEntry, now: number): boolean {
    const note = noteOf(entry);
    return note?.declarer === declarer && now < (note.refreshAt ?? entry.freshUntil);
  }

  #take(info: CallInfo, entry: StoredEntry, place: Place, parent: CallFrame | undefined, now: number): StoredEntry {
    parent?.absorb(entry.tags, place);
    this.#reporter.hit(info, entry, place.scope, noteOf(entry)!.resources, now);
    return entry;
  }
}
