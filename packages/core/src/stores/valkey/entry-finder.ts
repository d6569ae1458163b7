import { randomInt } from 'node:crypto';

import type { Clock } from '../../clock.ts';
import type { Isolation, ValueSnapshot } from '../../codec/value-snapshot.ts';
import { isPromise, type MaybePromise } from '../../maybe-promise.ts';
import type { NearCache, NearCopy, NearDraft } from '../../near-cache/near-cache.ts';
import type { AcquireRequest, EntryAddress, Proof, SessionHandle, StoredEntry } from '../../store/entry-store.ts';
import type { ClockFeeds } from './clock-feeds.ts';
import { MEMBER } from './clock-members.ts';
import type { ClockProof } from './clock-proof.ts';
import { CopyProof } from './copy-proof.ts';
import { readRecord, splitTags, TAG_SEPARATOR, type EntryRecord } from './entry-record.ts';
import type { EntrySlot } from './key-layout.ts';
import { snapshotOfBytes } from './value-bytes.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

/** Is what the parts of one namespace's entries share. */
export interface EntryParts {
  readonly connection: ValkeyConnection;
  readonly feeds: ClockFeeds;
  readonly near: NearCache;
  readonly clock: Clock;
  readonly maxStalenessMs: number;
  readonly sessionIdleMs: number;
  /** Is the number of copies that are kept here; 0 for none. */
  readonly maxCopies: number;
}

/** Is an entry as it came from the server, and when it was known to be valid there. */
export interface FoundEntry {
  readonly record: EntryRecord;
  readonly seq: number;
  /** Is the time that is left of its ttl and its retention when the question was sent, in milliseconds. */
  readonly leftMs: number;
  readonly askedAt: number;
}

/**
 * Finds entries that are valid, without asking for the right to load: a copy in this process, or the entry on the server by
 * plain commands, where these can prove what they say.
 *
 * The plain path reads the entry first and the clock after it. So what the clock says was true after the reader asked, and
 * that is all that freshness needs; a script would make both one step, and takes the server several times as long.
 */
export class EntryFinder {
  readonly #parts: EntryParts;
  // Those who ask in the same turn share the proof, too.
  #lastAsked: Promise<ClockProof | undefined> | undefined;
  #lastProof: Promise<Proof | undefined> | undefined;

  constructor(parts: EntryParts) {
    this.#parts = parts;
  }

  /** Returns the copy in this process, if the last reading of the clock is recent enough to judge it. */
  peek({ key, session }: EntryAddress, declared: readonly string[]): NearCopy | undefined {
    const { near, feeds, clock, maxStalenessMs } = this.#parts;
    if (maxStalenessMs === 0) return undefined;
    const copy = near.get(key, clock.now());
    if (copy === undefined) return undefined;
    const { partition } = copy.home as EntrySlot;
    return feeds.isFresh(partition, session, maxStalenessMs) && feeds.judge(copy, session, declared) ? copy : undefined;
  }

  /** Asks for a proof of the copy in this process; undefined when there is none that may answer. */
  prove({ key, session }: EntryAddress): Promise<Proof | undefined> | undefined {
    const { near, feeds, clock, maxStalenessMs } = this.#parts;
    const now = clock.now();
    const copy = near.get(key, now);
    if (copy === undefined || copy.freshUntil <= now || this.#mustTouch(session)) return undefined;
    const { partition } = copy.home as EntrySlot;
    if (feeds.isFresh(partition, session, maxStalenessMs)) return undefined;
    const asked = feeds.sync(partition, session);
    if (asked === this.#lastAsked) return this.#lastProof;
    this.#lastAsked = asked;
    this.#lastProof = asked.then(
      (clockProof) => clockProof && new CopyProof(this.#parts, clockProof, partition, session?.opening),
    );
    return this.#lastProof;
  }

  /** Returns the copy in this process, once the clock on the server says that it is valid. */
  nearby(request: AcquireRequest): MaybePromise<NearCopy | undefined> {
    const { near, clock } = this.#parts;
    const { key, session } = request.address;
    const copy = near.get(key, clock.now());
    return copy === undefined || this.#mustTouch(session) ? undefined : this.#proved(copy, request);
  }

  async #proved(copy: NearCopy, { address, tags, strict }: AcquireRequest): Promise<NearCopy | undefined> {
    const { near, feeds, clock } = this.#parts;
    const { key, session } = address;
    const { partition } = copy.home as EntrySlot;
    if (strict || !feeds.isFresh(partition, session, this.#parts.maxStalenessMs)) {
      const proof = await feeds.sync(partition, session);
      if (proof?.stands !== true) return undefined;
    }
    const now = clock.now();
    const again = near.get(key, now);
    return again !== undefined && again.freshUntil > now && feeds.judge(again, session, tags) ? again : undefined;
  }

  /** Returns the entry on the server, if plain commands can tell that it is valid and fresh. */
  async distant(slot: EntrySlot, request: AcquireRequest): Promise<StoredEntry | undefined> {
    const { connection, clock } = this.#parts;
    const { address, tags, isolation } = request;
    const { session } = address;
    const { fence, generation } = connection;
    const askedAt = clock.now();
    if (fence === '' || this.#mustTouch(session)) return undefined;
    const guards = [MEMBER.epoch, MEMBER.fence, MEMBER.seq, MEMBER.floor, slot.keyTag, ...tags];
    const [left, bytes, scores, own] = await connection.plain('get', (client) =>
      Promise.all([
        client.pttl(slot.entry),
        client.getBuffer(slot.entry),
        client.zmscore(slot.partition.clock, ...guards),
        slot.session === undefined
          ? undefined
          : client.zmscore(slot.session, MEMBER.opening, MEMBER.numberedBy, MEMBER.floor, ...tags),
      ]),
    );
    const record = bytes === null ? undefined : readRecord(bytes);
    if (record === undefined || generation !== connection.generation) return undefined;
    const [epoch, found, seq, floor, keyMoved] = scores;
    if (record.epoch !== epoch || found !== fence || typeof seq !== 'string') return undefined;
    if (record.opening !== (session?.opening ?? '') || left <= record.retainMs) return undefined;
    // An entry may depend on more than this reader declares: the script looks at those tags, too.
    if (record.tagText !== tags.join(TAG_SEPARATOR)) return undefined;
    const isDead = (score: string | null | undefined): boolean => Number(score ?? 0) > record.stamp;
    if (isDead(floor) || Number(keyMoved ?? 0) > record.placed || scores.slice(5).some(isDead)) return undefined;
    if (own !== undefined) {
      if (own[0] !== session?.opening || own[1] !== epoch || own.slice(2).some(isDead)) return undefined;
    }
    // The time may be that of the entry before this one, if one took the other's place between the commands.
    const leftMs = Math.min(left, record.ttlMs + record.retainMs);
    return this.copy(slot, address, { record, seq: Number(seq), leftMs, askedAt }, isolation);
  }

  /** Tells whether a session is to be told to live on, which only scripts do. */
  #mustTouch(session: SessionHandle | undefined): boolean {
    if (session === undefined) return false;
    const { clock, feeds, sessionIdleMs } = this.#parts;
    return clock.now() - feeds.ofSession(session).touchedAt > sessionIdleMs / 4;
  }

  /** Keeps a copy of an entry that is valid, where copies are kept; undefined when its value cannot be read. */
  copy(
    slot: EntrySlot,
    address: EntryAddress,
    found: FoundEntry,
    isolation: Isolation,
  ): MaybePromise<StoredEntry | undefined> {
    const { maxCopies, feeds, near } = this.#parts;
    const keep = (draft: NearDraft | undefined): StoredEntry | undefined => {
      if (draft === undefined || maxCopies === 0) return draft;
      feeds.of(slot.partition).adopt(draft.epoch, draft.seq);
      return near.set(draft);
    };
    const opened = this.open(slot, address, found, isolation);
    return isPromise(opened) ? opened.then(keep) : keep(opened);
  }

  /** Reads an entry; undefined when its value cannot be read. */
  open(
    slot: EntrySlot,
    address: EntryAddress,
    found: FoundEntry,
    isolation: Isolation,
  ): MaybePromise<NearDraft | undefined> {
    const { maxCopies } = this.#parts;
    const draft = (snapshot: ValueSnapshot): NearDraft => draftOf(slot, address, found, snapshot);
    try {
      const read = snapshotOfBytes(found.record.value, isolation, maxCopies > 0);
      return isPromise(read) ? read.then(draft, () => undefined) : draft(read);
    } catch {
      return undefined;
    }
  }
}

function draftOf(
  slot: EntrySlot,
  address: EntryAddress,
  { record, seq, leftMs, askedAt }: FoundEntry,
  snapshot: ValueSnapshot,
): NearDraft {
  const tags = splitTags(record.tagText);
  const freshUntil = askedAt + leftMs - record.retainMs;
  return {
    key: address.key,
    session: address.session,
    id: record.id,
    epoch: record.epoch,
    seq,
    snapshot,
    tags,
    watched: [...tags, slot.keyTag],
    home: slot,
    storedAt: freshUntil - record.ttlMs,
    freshUntil,
    expiresAt: askedAt + leftMs,
    loadMs: record.loadMs,
    local: undefined,
  };
}

/** Returns a number that no other clock or session has: from 2^52 on, where every whole number is exact to 2^53. */
export function drawNonce(): string {
  return String(2 ** 52 + randomInt(2 ** 26) * 2 ** 26 + randomInt(2 ** 26));
}
