import type { Clock } from '../../clock.ts';
import type { NearCache, NearCopy } from '../../near-cache/near-cache.ts';
import type { EntryAddress, Proof } from '../../store/entry-store.ts';
import type { ClockFeeds } from './clock-feeds.ts';
import type { ClockProof } from './clock-proof.ts';
import type { EntrySlot, Partition } from './key-layout.ts';

/** Says which copies are meant, and what they are judged by. */
export interface CopyProofParts {
  readonly near: NearCache;
  readonly feeds: ClockFeeds;
  readonly clock: Clock;
}

/** Shows the copies that the clock of one partition, and of one session, has just proved valid. */
export class CopyProof implements Proof {
  readonly #parts: CopyProofParts;
  readonly #clockProof: ClockProof;
  readonly #partition: Partition;
  readonly #opening: string | undefined;

  /** @param opening is the opening of the session that was asked about */
  constructor(parts: CopyProofParts, clockProof: ClockProof, partition: Partition, opening: string | undefined) {
    this.#parts = parts;
    this.#clockProof = clockProof;
    this.#partition = partition;
    this.#opening = opening;
  }

  peek({ key, session }: EntryAddress, declared: readonly string[] = NO_TAGS): NearCopy | undefined {
    const { near, feeds, clock } = this.#parts;
    const copy = near.get(key, clock.now());
    if (copy === undefined || !this.#clockProof.stands) return undefined;
    const { partition } = copy.home as EntrySlot;
    if (partition !== this.#partition || session?.opening !== this.#opening) return undefined;
    if (feeds.judge(copy, session, declared)) return copy;
    // Kept, it would have whoever comes next ask for the same proof once more.
    if (declared === NO_TAGS) near.delete(key);
    return undefined;
  }
}

const NO_TAGS: readonly string[] = [];
