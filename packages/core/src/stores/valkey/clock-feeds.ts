import type { Clock } from '../../clock.ts';
import type { NearCopy } from '../../near-cache/near-cache.ts';
import type { SessionHandle } from '../../store/entry-store.ts';
import { ClockFeed, SessionFeed } from './clock-feed.ts';
import type { ClockProof } from './clock-proof.ts';
import type { EntrySlot, KeyLayout, Partition } from './key-layout.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

/** Holds the mirrors of a namespace: one for each partition, one for each session that is in use here. */
export class ClockFeeds {
  readonly #connection: ValkeyConnection;
  readonly #layout: KeyLayout;
  readonly #clocks: readonly ClockFeed[];
  readonly #sessions = new Map<string, SessionFeed>();

  constructor(connection: ValkeyConnection, layout: KeyLayout, clock: Clock, onReset: (epoch: string) => void) {
    this.#connection = connection;
    this.#layout = layout;
    this.#clocks = layout.partitions.map((partition) => new ClockFeed(connection, partition, clock, onReset));
  }

  of(partition: Partition): ClockFeed {
    return this.#clocks[partition.index] as ClockFeed;
  }

  ofSession(session: SessionHandle): SessionFeed {
    const known = this.#sessions.get(session.opening);
    if (known !== undefined) return known;
    for (const [opening] of this.#sessions) {
      if (this.#sessions.size < MAX_SESSIONS) break;
      this.#sessions.delete(opening); // costs those who still use it one question
    }
    const partition = this.#layout.ofSession(session.id);
    const key = this.#layout.session(session);
    const feed = new SessionFeed(this.#connection, this.of(partition), partition, session, key);
    this.#sessions.set(session.opening, feed);
    return feed;
  }

  forget(opening: string): void {
    this.#sessions.delete(opening);
  }

  /** Tells whether a copy is valid as far as is known here, also for a reader who declares these tags. */
  judge(copy: NearCopy, session: SessionHandle | undefined, declared: readonly string[]): boolean {
    if (copy.session?.opening !== session?.opening) return false;
    const { epoch, seq, watched } = copy;
    // A copy is judged from when it was made. Of a tag that it does not have, only the entry's own stamp could tell.
    if (!declared.every((tag) => watched.includes(tag))) return false;
    const { mirror } = this.of((copy.home as EntrySlot).partition);
    if (!mirror.valid({ epoch, seq, tags: watched })) return false;
    if (session === undefined) return true;
    const own = this.ofSession(session);
    return own.mirror.valid({ epoch: own.epochOf(epoch), seq, tags: watched });
  }

  /** Brings what is needed to judge a copy up to date; undefined when it cannot be judged now. */
  sync(partition: Partition, session: SessionHandle | undefined): Promise<ClockProof | undefined> {
    return session === undefined ? this.of(partition).sync() : this.ofSession(session).sync();
  }

  /** Tells whether what is needed to judge a copy was up to date less than a while ago; sessions are always asked for. */
  isFresh(partition: Partition, session: SessionHandle | undefined, maxStalenessMs: number): boolean {
    return maxStalenessMs > 0 && session === undefined && this.of(partition).isFresh(maxStalenessMs);
  }
}

/** Is the number of sessions whose tags are mirrored. */
const MAX_SESSIONS = 10_000;
