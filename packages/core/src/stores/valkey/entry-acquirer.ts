import { nextId } from '../../id.ts';
import { isPromise } from '../../maybe-promise.ts';
import type { NearCopy } from '../../near-cache/near-cache.ts';
import type {
  AcquireRequest,
  Acquisition,
  EntryAddress,
  Inspection,
  MissReason,
  StoredEntry,
} from '../../store/entry-store.ts';
import { drawNonce, type EntryFinder } from './entry-finder.ts';
import { readRecord, TAG_SEPARATOR } from './entry-record.ts';
import type { EntrySlot } from './key-layout.ts';
import { LeaseReturn } from './lease-return.ts';
import { acquireScript } from './lua/acquire.generated.ts';
import { releaseScript } from './lua/release.generated.ts';
import { renewScript } from './lua/renew.generated.ts';
import { keysOf, type ValkeyEntriesParts } from './valkey-entries-parts.ts';
import { ValkeyLease } from './valkey-lease.ts';

type Mode = 'read' | 'refresh' | 'look';

/** Finds entries, or grants the right to load them, and takes that right back. */
export class EntryAcquirer {
  readonly #parts: ValkeyEntriesParts;
  readonly #finder: EntryFinder;
  readonly #returns: LeaseReturn;
  readonly #onEnded: (opening: string) => void;

  /** @param onEnded is told of a session that is found to have ended */
  constructor(parts: ValkeyEntriesParts, finder: EntryFinder, onEnded: (opening: string) => void) {
    this.#parts = parts;
    this.#finder = finder;
    this.#returns = new LeaseReturn(parts.clock, parts.leaseMs, (slot, token) => this.#release(slot, token));
    this.#onEnded = onEnded;
  }

  /** Returns the entry, a load to follow, or the lease for a new one. */
  async acquire(request: AcquireRequest): Promise<Acquisition> {
    const agreed = this.#parts.agreed();
    if (isPromise(agreed)) await agreed;
    let slot: EntrySlot | undefined;
    if (!request.refresh) {
      const nearby = this.#finder.nearby(request);
      const copy = isPromise(nearby) ? await nearby : nearby;
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

  /** Takes a lease back. */
  async release(lease: ValkeyLease): Promise<void> {
    const { slot, id } = lease;
    lease.drop();
    await this.#returns.giveBack(slot, id);
  }

  /** Tells what a call would find. */
  async inspect(address: EntryAddress, declared: readonly string[]): Promise<Inspection> {
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
        if (address.session !== undefined) this.#onEnded(address.session.opening);
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

  async #renew({ slot, id }: ValkeyLease): Promise<boolean> {
    const { connection, leaseMs } = this.#parts;
    return (await connection.run(renewScript, false, [slot.lease], [id, leaseMs])) === 1;
  }

  async #release(slot: EntrySlot, token: string): Promise<void> {
    await this.#parts.connection.run(releaseScript, false, [slot.lease], [token, slot.partition.channel, slot.hash]);
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
