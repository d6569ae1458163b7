import { sessionConflict } from '../../errors.ts';
import { nextId } from '../../id.ts';
import { isPromise, type MaybePromise } from '../../maybe-promise.ts';
import type { NearCopy } from '../../near-cache/near-cache.ts';
import type {
  AcquireRequest,
  Acquisition,
  Barrier,
  CommitResult,
  EntryAddress,
  EntryDraft,
  EntryStats,
  EntryStore,
  Inspection,
  Lease,
  MissReason,
  SessionHandle,
  StoredEntry,
} from '../../store/entry-store.ts';
import { drawNonce, EntryFinder, type EntryParts } from './entry-finder.ts';
import { HEAD_LENGTH, readRecord, TAG_SEPARATOR, writeRecord } from './entry-record.ts';
import { Invalidations } from './invalidations.ts';
import type { EntrySlot, KeyLayout } from './key-layout.ts';
import { LeaseReturn } from './lease-return.ts';
import type { LeaseWatch } from './lease-watch.ts';
import { acquireScript } from './lua/acquire.generated.ts';
import { commitScript } from './lua/commit.generated.ts';
import { deleteScript } from './lua/delete.generated.ts';
import { putScript } from './lua/put.generated.ts';
import { releaseScript } from './lua/release.generated.ts';
import { renewScript } from './lua/renew.generated.ts';
import { sessionEndScript } from './lua/session-end.generated.ts';
import { sessionOpenScript } from './lua/session-open.generated.ts';
import { bytesOfSnapshot } from './value-bytes.ts';
import { ValkeyLease } from './valkey-lease.ts';
import type { Argument } from './valkey-connection.ts';

/** Is what the entries of a namespace are made of. */
export interface ValkeyEntriesParts extends EntryParts {
  readonly layout: KeyLayout;
  readonly watch: LeaseWatch;
  readonly leaseMs: number;
  readonly maxLoadMs: number;
  readonly maxTags: number;
  readonly maxEntryBytes: number;
  readonly compressAbove: number;
  readonly invalidationBudgetMs: number;
  /** Begins to hear messages, if nobody has yet. */
  readonly listen: () => void;
  /** Resolves once the server is known to keep this namespace in the same number of partitions. */
  readonly agreed: () => MaybePromise<void>;
}

type Mode = 'read' | 'refresh' | 'look';

/** Holds the entries of one namespace on Valkey, and copies of those that are in use here. */
export class ValkeyEntries implements EntryStore {
  readonly #parts: ValkeyEntriesParts;
  readonly #finder: EntryFinder;
  readonly #invalidations: Invalidations;
  readonly #returns: LeaseReturn;

  constructor(parts: ValkeyEntriesParts) {
    this.#parts = parts;
    this.#finder = new EntryFinder(parts);
    this.#invalidations = new Invalidations(parts);
    this.#returns = new LeaseReturn(parts.clock, parts.leaseMs, (slot, token) => this.#release(slot, token));
  }

  peek(address: EntryAddress, declared: readonly string[] = []): StoredEntry | undefined {
    return this.#finder.peek(address, declared);
  }

  async acquire(request: AcquireRequest): Promise<Acquisition> {
    const agreed = this.#parts.agreed();
    if (isPromise(agreed)) await agreed;
    let slot: EntrySlot | undefined;
    if (!request.refresh) {
      const copy = await this.#finder.nearby(request);
      if (copy !== undefined) return { kind: 'hit', entry: copy };
      slot = this.#parts.layout.entry(request.address);
      const entry = await this.#finder.distant(slot, request);
      if (entry !== undefined) return { kind: 'hit', entry };
    }
    return this.#decide(
      slot ?? this.#parts.layout.entry(request.address),
      request,
      request.refresh ? 'refresh' : 'read',
    );
  }

  async commit(lease: Lease, draft: EntryDraft): Promise<CommitResult> {
    const { slot, address, epoch, stamp, id } = lease as ValkeyLease;
    (lease as ValkeyLease).drop();
    const written = await this.#write(address, draft);
    if (written === undefined) {
      this.release(lease).catch(() => undefined);
      return 'too-large';
    }
    const askedAt = this.#parts.clock.now();
    const { keys, rest, isStaged, stage } = this.#stage(slot, written.record, draft);
    const args = [id, epoch, stamp, written.tagText, keepMs(draft), rest, isStaged];
    const opening = address.session?.opening ?? '';
    const committing = this.#run(commitScript, keys, [
      ...args,
      opening,
      slot.partition.channel,
      slot.hash,
      slot.keyTag,
    ]);
    const [reply] = await Promise.all([committing, stage]);
    const [result, placed, seq] = reply as readonly [Buffer, number, number];
    if (String(result) === 'stored') {
      if (placed > stamp) this.#parts.feeds.of(slot.partition).mirror.invalidated(epoch, placed, [slot.keyTag]);
      this.#keep(slot, address, draft, written.id, epoch, seq, askedAt);
    }
    return String(result) as CommitResult;
  }

  async release(lease: Lease): Promise<void> {
    const { slot, id } = lease as ValkeyLease;
    (lease as ValkeyLease).drop();
    await this.#returns.giveBack(slot, id);
  }

  async put(address: EntryAddress, draft: EntryDraft): Promise<void> {
    await this.#parts.agreed();
    const { layout, near, feeds, clock, maxTags } = this.#parts;
    const slot = layout.entry(address);
    const written = await this.#write(address, draft);
    // A value that is too large still takes the place of what was there: with nothing.
    if (written === undefined) return void (await this.delete(address));
    const askedAt = clock.now();
    const { keys, rest, isStaged, stage } = this.#stage(slot, written.record, draft);
    const opening = address.session?.opening ?? '';
    const args = [drawNonce(), slot.keyTag, written.tagText, keepMs(draft), rest, isStaged, opening];
    const putting = this.#run(putScript, keys, [...args, slot.partition.channel, slot.hash, maxTags]);
    const [reply] = await Promise.all([putting, stage]);
    const [result, at, seq] = reply as readonly [Buffer, Buffer, number];
    const epoch = String(at);
    near.delete(address.key);
    feeds.of(slot.partition).mirror.invalidated(epoch, seq, [slot.keyTag]);
    if (String(result) === 'stored') this.#keep(slot, address, draft, written.id, epoch, seq, askedAt);
  }

  async delete(address: EntryAddress): Promise<boolean> {
    await this.#parts.agreed();
    const { layout, near, feeds, maxTags } = this.#parts;
    const slot = layout.entry(address);
    const opening = address.session?.opening ?? '';
    const args = [drawNonce(), slot.keyTag, opening, slot.partition.channel, slot.hash, maxTags];
    const reply = await this.#run(deleteScript, keysOf(slot), args);
    const [present, epoch, seq] = reply as readonly [Buffer, Buffer, number];
    near.delete(address.key);
    feeds.of(slot.partition).mirror.invalidated(String(epoch), seq, [slot.keyTag]);
    return String(present) === '1';
  }

  async inspect(address: EntryAddress, declared: readonly string[] = []): Promise<Inspection> {
    await this.#parts.agreed();
    const slot = this.#parts.layout.entry(address);
    const request: AcquireRequest = { address, tags: declared, isolation: 'copy', refresh: false };
    const askedAt = this.#parts.clock.now();
    const reply = await this.#ask(slot, request, 'look', '', '');
    if (String(reply[0]) === 'ended') return { state: 'ended' };
    const [, epoch, , state, culprit, bytes, leftMs] = reply as LookReply;
    const entry = await this.#expired(slot, request, bytes, leftMs, askedAt, String(epoch));
    return {
      state: String(state) as Inspection['state'],
      ...(entry !== undefined && { entry }),
      ...(String(culprit) !== '' && { culprit: String(culprit) }),
    };
  }

  invalidate(tags: readonly string[], session?: SessionHandle): Promise<void> {
    return this.#invalidations.invalidate(tags, session);
  }

  openBarrier(barrier: Barrier, maxMs: number): Promise<void> {
    return this.#invalidations.openBarrier(barrier, maxMs);
  }

  closeBarrier(barrier: Barrier): Promise<void> {
    return this.#invalidations.closeBarrier(barrier);
  }

  clear(): Promise<void> {
    return this.#invalidations.clear();
  }

  async openSession(id: string, userId: string | undefined): Promise<SessionHandle> {
    await this.#parts.agreed();
    const { layout, feeds, clock, sessionIdleMs } = this.#parts;
    const keys = [layout.ofSession(id).clock, layout.session({ id }), layout.sessionHolders({ id })];
    const owner = userId === undefined ? '0' : `1${userId}`;
    const reply = await this.#run(sessionOpenScript, keys, [drawNonce(), drawNonce(), owner, sessionIdleMs]);
    const opening = String(reply);
    if (opening === '') throw sessionConflict(id);
    const handle: SessionHandle = { id, opening };
    feeds.ofSession(handle).touchedAt = clock.now();
    return handle;
  }

  async endSession(session: SessionHandle): Promise<void> {
    const { layout, connection } = this.#parts;
    const partition = layout.ofSession(session.id);
    const keys = [layout.session(session), layout.sessionHolders(session)];
    const prefixes = [layout.prefix(partition, 'e'), layout.prefix(partition, 'l')];
    await connection.run(sessionEndScript, false, keys, [session.opening, ...prefixes, partition.channel]);
    this.forgetSession(session.opening);
  }

  stats(): EntryStats {
    return this.#parts.near.stats();
  }

  /** Drops what is left here of a session that has ended. */
  forgetSession(opening: string): void {
    this.#parts.near.drop((copy) => copy.session?.opening === opening);
    this.#parts.feeds.forget(opening);
  }

  /** Asks for the entry or the right to load it, in one step on the server. */
  async #decide(slot: EntrySlot, request: AcquireRequest, mode: Mode): Promise<Acquisition> {
    const { near, clock, watch, listen, feeds } = this.#parts;
    const { address, isolation } = request;
    for (let copy = near.get(address.key, clock.now()); ; copy = undefined) {
      const token = nextId();
      const askedAt = clock.now();
      const reply = await this.#ask(slot, request, mode, copy?.id ?? '', token);
      const kind = String(reply[0]);
      if (kind === 'ended') {
        if (address.session !== undefined) this.forgetSession(address.session.opening);
        return { kind: 'ended' };
      }
      if (address.session !== undefined) feeds.ofSession(address.session).touchedAt = askedAt;
      const [, at, seq] = reply as readonly [Buffer, Buffer, number];
      const epoch = String(at);
      if (kind === 'lead') {
        const [, , , reason, culprit, bytes, leftMs] = reply as LeadReply;
        const lease = new ValkeyLease(token, address, slot, epoch, seq);
        lease.keep(clock, this.#parts.leaseMs, this.#parts.maxLoadMs, () => this.#renew(lease));
        const expired = await this.#expired(slot, request, bytes, leftMs, askedAt, epoch);
        const why = { reason: String(reason) as MissReason, culprit: String(culprit) || undefined };
        return { kind: 'lead', lease, ...why, ...(expired !== undefined && { expired }) };
      }
      if (kind === 'follow') {
        const [, , , leaseId, leaseLeftMs, isCurrent, bytes, leftMs] = reply as FollowReply;
        listen();
        const settled = watch.settled(slot, String(leaseId), leaseLeftMs);
        const expired = await this.#expired(slot, request, bytes, leftMs, askedAt, epoch);
        const current = String(isCurrent) === '1';
        return {
          kind: 'follow',
          leaseId: String(leaseId),
          current,
          settled,
          ...(expired !== undefined && { expired }),
        };
      }
      const entry = await this.#hit(kind, slot, request, copy, reply as HitReply, askedAt);
      if (entry !== undefined) return { kind: 'hit', entry };
      // What cannot be read is as good as not there: whoever finds it loads it anew.
      if (kind === 'hit') return this.#decide(slot, { ...request, isolation }, 'refresh');
    }
  }

  async #hit(
    kind: string,
    slot: EntrySlot,
    { address, isolation }: AcquireRequest,
    copy: NearCopy | undefined,
    [, , seq, leftMs, rest]: HitReply,
    askedAt: number,
  ): Promise<StoredEntry | undefined> {
    if (kind === 'same') {
      if (copy !== undefined) copy.seq = Math.max(copy.seq, seq);
      return copy;
    }
    const bytes = kind === 'large' ? await this.#fetch(slot) : rest;
    const record = Buffer.isBuffer(bytes) ? readRecord(bytes) : undefined;
    if (record === undefined || (kind === 'large' && record.id !== String(rest))) return undefined;
    return this.#finder.copy(slot, address, { record, seq, leftMs, askedAt }, isolation);
  }

  /** Fetches an entry past Lua, which would copy it twice. */
  #fetch(slot: EntrySlot): Promise<Buffer | null> {
    return this.#parts.connection.plain('get', (client) => client.getBuffer(slot.entry));
  }

  async #expired(
    slot: EntrySlot,
    { address, isolation }: AcquireRequest,
    bytes: Buffer,
    leftMs: number,
    askedAt: number,
    epoch: string,
  ): Promise<StoredEntry | undefined> {
    const record = bytes.length === 0 ? undefined : readRecord(bytes);
    if (record === undefined || record.epoch !== epoch) return undefined;
    return this.#finder.open(slot, address, { record, seq: record.stamp, leftMs, askedAt }, isolation);
  }

  #ask(
    slot: EntrySlot,
    { address, tags }: AcquireRequest,
    mode: Mode,
    copyId: string,
    token: string,
  ): Promise<readonly unknown[]> {
    const { connection, leaseMs, sessionIdleMs } = this.#parts;
    const nonce = mode === 'look' ? '' : drawNonce();
    const opening = address.session?.opening ?? '';
    const args = [nonce, mode, tags.join(TAG_SEPARATOR), copyId, token, leaseMs, opening, sessionIdleMs];
    const giveBack = (): void => void this.#returns.giveBack(slot, token).catch(() => undefined);
    const onLate = (reply: unknown): void => {
      // Granted when nobody waited for it any more.
      if (String((reply as readonly unknown[])[0]) === 'lead') giveBack();
    };
    const options = mode === 'look' ? {} : { onLate, onUnanswered: giveBack };
    return connection.run(acquireScript, true, keysOf(slot), args, options) as Promise<readonly unknown[]>;
  }

  async #write(
    address: EntryAddress,
    { snapshot, tags, ttlMs, retainMs, loadMs }: EntryDraft,
  ): Promise<{ readonly record: Buffer; readonly tagText: string; readonly id: string } | undefined> {
    const value = await bytesOfSnapshot(snapshot, this.#parts.compressAbove);
    if (value.length > this.#parts.maxEntryBytes || tags.length > MAX_TAGS_OF_ENTRY) return undefined;
    const id = nextId();
    const tagText = tags.join(TAG_SEPARATOR);
    const times = { ttlMs: whole(ttlMs), retainMs: retainMs > 0 ? whole(retainMs) : 0, loadMs: whole(loadMs) };
    return {
      record: writeRecord({ id, opening: address.session?.opening ?? '', tagText, ...times, value }),
      tagText,
      id,
    };
  }

  /** Sends a large value ahead, past Lua, and leaves it to the script to give it its place. */
  #stage(slot: EntrySlot, record: Buffer, draft: EntryDraft): Staged {
    const [clock, entry, lease, ...session] = keysOf(slot) as [string, string, string, ...string[]];
    if (record.length <= LARGE_BYTES) {
      return { keys: [clock, entry, lease, ...session], rest: record, isStaged: '', stage: undefined };
    }
    const staged = this.#parts.layout.staged(slot.partition, nextId());
    const value = Buffer.concat([Buffer.alloc(HEAD_LENGTH, '0'), record]);
    const keptMs = Math.min(STAGED_MS, keepMs(draft));
    const stage = this.#parts.connection.plain('stage', (client) => client.set(staged, value, 'PX', keptMs));
    return { keys: [clock, entry, lease, staged, ...session], rest: '', isStaged: '1', stage };
  }

  /** Keeps a copy of what has just been stored: it was valid then, at this seq. */
  #keep(
    slot: EntrySlot,
    { key, session }: EntryAddress,
    { snapshot, tags, ttlMs, retainMs, loadMs, local }: EntryDraft,
    id: string,
    epoch: string,
    seq: number,
    askedAt: number,
  ): void {
    const { near, feeds } = this.#parts;
    feeds.of(slot.partition).adopt(epoch, seq);
    const freshUntil = askedAt + ttlMs;
    const watched = [...tags, slot.keyTag];
    const times = { storedAt: askedAt, freshUntil, expiresAt: freshUntil + retainMs, loadMs };
    near.set({ key, session, id, epoch, seq, snapshot, tags, watched, home: slot, ...times, local });
  }

  async #renew({ slot, id }: ValkeyLease): Promise<boolean> {
    const { connection, leaseMs } = this.#parts;
    return (await connection.run(renewScript, false, [slot.lease], [id, leaseMs])) === 1;
  }

  async #release(slot: EntrySlot, token: string): Promise<void> {
    await this.#parts.connection.run(releaseScript, false, [slot.lease], [token, slot.partition.channel, slot.hash]);
  }

  #run(
    script: Parameters<EntryParts['connection']['run']>[0],
    keys: readonly string[],
    args: readonly Argument[],
  ): Promise<unknown> {
    return this.#parts.connection.run(script, true, keys, args);
  }
}

type HitReply = readonly [kind: Buffer, epoch: Buffer, seq: number, leftMs: number, entry: Buffer];
type LeadReply = readonly [
  kind: Buffer,
  epoch: Buffer,
  seq: number,
  reason: Buffer,
  culprit: Buffer,
  expired: Buffer,
  leftMs: number,
];
type FollowReply = readonly [
  kind: Buffer,
  epoch: Buffer,
  seq: number,
  token: Buffer,
  leaseLeftMs: number,
  isCurrent: Buffer,
  expired: Buffer,
  leftMs: number,
];
type LookReply = readonly [
  kind: Buffer,
  epoch: Buffer,
  seq: number,
  state: Buffer,
  culprit: Buffer,
  entry: Buffer,
  leftMs: number,
];

interface Staged {
  readonly keys: readonly string[];
  readonly rest: Buffer | '';
  readonly isStaged: '' | '1';
  readonly stage: Promise<unknown> | undefined;
}

/** Is the size from which a value goes past Lua; the scripts have the same one for the way back. */
const LARGE_BYTES = 32_768;
/** Is how long a value waits for the script that gives it its place, in milliseconds. */
const STAGED_MS = 60_000;
/** Is the number of tags that an entry can have: they are passed to one command each time it is looked at. */
const MAX_TAGS_OF_ENTRY = 1_000;
const MAX_TTL_MS = 1e14;

function keysOf({ partition, entry, lease, session }: EntrySlot): string[] {
  return session === undefined ? [partition.clock, entry, lease] : [partition.clock, entry, lease, session];
}

function whole(ms: number): number {
  return Math.max(1, Math.min(Math.ceil(ms), MAX_TTL_MS));
}

function keepMs({ ttlMs, retainMs }: EntryDraft): number {
  return whole(ttlMs) + (retainMs > 0 ? whole(retainMs) : 0);
}
