import type { Clock } from '../clock.ts';
import { BARRIER } from './clock-mirror.ts';

/*
 * The tag clock: how a cached value is known to be fresh.
 *
 * A cache that deletes entries when data changes is wrong in a way that tests rarely show. A reader loads the old
 * value, slowly; the writer changes the data and deletes the entry; the reader finishes and stores the old value, and
 * nobody will ever delete it again. Deleting earlier does not help, deleting twice does not help, and timestamps taken
 * when the value is stored make it look newer than the change that it missed.
 *
 * So nothing is deleted here. Beside the entries stands a clock:
 *
 *   seq           counts invalidations
 *   lastInv(tag)  is the seq of the last invalidation of a tag; absent means never
 *   floor         is the seq below which everything is dead
 *
 * A load takes one number, its stamp S = seq, BEFORE it starts. Its value is stored with S and its tags. At any later
 * moment
 *
 *   valid(entry)  if and only if  S >= floor  and  lastInv(tag) <= S for every tag of the entry
 *
 * Why that is enough: an invalidation gives its tags a number n = ++seq and then resolves. A read that starts later
 * serves only entries with S >= n, and seq reached n only at the invalidation, and S was taken before the load began;
 * so the load began after the invalidation. No wall clock and no message takes part. One S covers all tags, so tags
 * that are known only once the result is there are as safe as declared ones.
 *
 * The same predicate guards the way in (a value whose tags moved while it was loaded is not stored: "superseded") and
 * single flight (a reader joins a running load only while that load's stamp is still valid, so nobody who comes after an
 * invalidation is handed the value from before it).
 *
 * A write barrier is an invalidation that lasts: while it is open, its tags carry a number above every possible stamp,
 * so nothing that depends on them is served or stored. Closing it is an ordinary invalidation, and a barrier whose
 * writer died becomes one when its deadline has passed.
 *
 * Tags that were invalidated are remembered, at most `maxTags` of them. The oldest are forgotten by raising the floor to
 * the highest seq among them: that can only turn hits into misses, never the reverse.
 */

/** Is the number of invalidations a load had seen when it started. */
export type Stamp = number;

/** Holds the clock of one namespace, in this process. */
export class TagClock {
  /** Changes with everything that could make a valid entry invalid: what was valid at this version still is. */
  version = 0;

  readonly #lastInvalidation = new Map<string, number>();
  readonly #barriers = new Map<string, Map<string, number>>();
  readonly #maxTags: number;
  readonly #clock: Clock;
  #seq = 1;
  #floor = 1;

  constructor(maxTags: number, clock: Clock) {
    this.#maxTags = maxTags;
    this.#clock = clock;
  }

  /** Counts the tags that are remembered. */
  get size(): number {
    return this.#lastInvalidation.size;
  }

  /** Returns the stamp of a load that starts now; take it before the load. */
  stamp(): Stamp {
    return this.#seq;
  }

  /** Tells that nothing at all was invalidated since the stamp was taken, and that no barrier may have died unnoticed. */
  untouchedSince(stamp: Stamp): boolean {
    return stamp === this.#seq && this.#barriers.size === 0;
  }

  /** Tells whether what was loaded under `stamp` and depends on `tags` is still fresh. */
  valid(stamp: Stamp, tags: readonly string[]): boolean {
    if (stamp < this.#floor) return false;
    let valid = true;
    for (let index = 0; index < tags.length; index += 1) {
      const tag = tags[index] as string;
      const last = this.#lastInvalidation.get(tag);
      if (last === undefined || last <= stamp) continue;
      valid = false;
      // An expired barrier must become an invalidation even where nothing else would notice it.
      if (last >= BARRIER && last - BARRIER < this.#clock.now()) this.#expireBarriers(tag);
    }
    return valid;
  }

  /** Names a tag whose invalidation killed the entry; undefined when it is valid or when the floor killed it. */
  culprit(stamp: Stamp, tags: readonly string[]): string | undefined {
    return tags.find((tag) => (this.#lastInvalidation.get(tag) ?? 0) > stamp);
  }

  /** Invalidates everything that depends on one of the tags and was loaded before now. */
  invalidate(tags: readonly string[]): void {
    const seq = this.#tick();
    for (const tag of tags) if (!this.#barriers.has(tag)) this.#remember(tag, seq);
    this.#prune();
  }

  /** Invalidates everything that was loaded before now. */
  clear(): void {
    this.#floor = this.#tick();
  }

  /**
   * Opens a barrier, or extends it: until `close` with the same id, or the deadline, nothing that depends on the tags
   * is valid.
   *
   * @param deadline in milliseconds since the epoch
   */
  open(tags: readonly string[], id: string, deadline: number): void {
    this.#tick();
    for (const tag of tags) {
      const holders = this.#barriers.get(tag) ?? new Map<string, number>();
      this.#barriers.set(tag, holders.set(id, deadline));
      this.#remember(tag, BARRIER + Math.max(...holders.values()));
    }
    this.#prune();
  }

  /** Closes a barrier; counts as an invalidation of its tags, whether the barrier still stood or not. */
  close(tags: readonly string[], id: string): void {
    const seq = this.#tick();
    const now = this.#clock.now();
    for (const tag of tags) {
      const holders = this.#barriers.get(tag);
      holders?.delete(id);
      let latest = 0;
      for (const deadline of holders?.values() ?? []) if (deadline >= now) latest = Math.max(latest, deadline);
      if (latest > 0) {
        this.#remember(tag, BARRIER + latest);
      } else {
        this.#barriers.delete(tag);
        this.#remember(tag, seq);
      }
    }
    this.#prune();
  }

  /** Forgets tags that no entry and no load in flight can carry any more, such as those of an ended session. */
  forget(tags: Iterable<string>): void {
    for (const tag of tags) {
      this.#lastInvalidation.delete(tag);
      this.#barriers.delete(tag);
    }
  }

  #tick(): number {
    this.version += 1;
    this.#seq += 1;
    return this.#seq;
  }

  #remember(tag: string, seq: number): void {
    // Deleted first, so that the map is ordered by the last invalidation and the oldest tag is in front.
    this.#lastInvalidation.delete(tag);
    this.#lastInvalidation.set(tag, seq);
  }

  #expireBarriers(tag: string): void {
    this.#barriers.delete(tag);
    this.#remember(tag, this.#tick());
  }

  #prune(): void {
    if (this.#lastInvalidation.size <= this.#maxTags) return;
    let surplus = this.#lastInvalidation.size - this.#maxTags + Math.floor(this.#maxTags / 10);
    for (const [tag, seq] of this.#lastInvalidation) {
      if (surplus <= 0) break;
      if (seq >= BARRIER) {
        // Comes by again as an ordinary invalidation, if its writer has died.
        if (seq - BARRIER < this.#clock.now()) this.#expireBarriers(tag);
        continue;
      }
      this.#lastInvalidation.delete(tag);
      this.#floor = Math.max(this.#floor, seq);
      surplus -= 1;
    }
    this.version += 1;
  }
}
