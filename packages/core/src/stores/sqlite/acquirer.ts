import { hashKey } from '../../codec/key-hash.ts';
import { nextId } from '../../id.ts';
import type { AcquireRequest, Acquisition, EntryAddress, Lease, StoredEntry } from '../../store/entry-store.ts';
import { readEntry, stateOf, type EntryRow } from './entry-table.ts';
import type { NamespaceParts } from './namespace-parts.ts';
import type { SessionRow } from './tag-table.ts';

/** Is a lease that was granted here, and the stamp that was taken with it. */
export interface SqliteLease extends Lease {
  /** Is the key as it stands in the file. */
  readonly key: string;
  readonly stamp: number;
}

/** Is a request on its way, and what was learnt of the entry so far. */
interface Asked {
  readonly address: EntryAddress;
  readonly refresh: boolean;
  readonly key: string;
  readonly declared: string;
  /** Is a row that cannot be read, and so counts as absent. */
  damaged?: number;
  /** Is a row that may stand in for a load, though its ttl is over. */
  standIn?: { readonly id: number; readonly entry: StoredEntry };
}

/**
 * Decides on reads: a hit, a load to follow, or the lease for a new load.
 *
 * It looks without a lock first, for most reads end there; a lease is granted in a transaction that looks again.
 */
export class Acquirer {
  readonly #parts: NamespaceParts;

  constructor(parts: NamespaceParts) {
    this.#parts = parts;
  }

  acquire({ address, tags, refresh, isolation, strict }: AcquireRequest): Acquisition {
    const { database, near, clock, keeper } = this.#parts;
    const copy = refresh ? undefined : database.read(() => near.find(address, tags, strict));
    if (copy !== undefined && copy.freshUntil > clock.now()) return { kind: 'hit', entry: copy };
    const asked: Asked = { address, refresh, key: hashKey(address.key), declared: JSON.stringify(tags) };
    for (;;) {
      const found = database.read(() => this.#look(asked, isolation));
      if (found !== undefined) return found;
      const decided = database.write('stores', () => this.#decide(asked));
      if (decided?.kind === 'lead') keeper.hold(decided.lease.id, clock.now());
      // Undefined where somebody has stored the entry since: it is there to be read.
      if (decided !== undefined) return decided;
    }
  }

  #look(asked: Asked, isolation: AcquireRequest['isolation']): Acquisition | undefined {
    const { sessions, entries, near, clock } = this.#parts;
    const { address, key, declared } = asked;
    const session = sessions.rowOf(address.session);
    if (session === undefined) return { kind: 'ended' };
    const now = clock.now();
    const row = entries.find(key, session, declared);
    const state = stateOf(row, now);
    if (row !== undefined && row.expiresAt > now && (state === 'fresh' || state === 'expired')) {
      const entry = readEntry(row, isolation);
      if (entry === undefined) asked.damaged = row.id;
      else {
        near.keep(address, row.id, entry, row.expiresAt, row.changes);
        if (state === 'fresh' && !asked.refresh) return { kind: 'hit', entry };
        asked.standIn = { id: row.id, entry };
      }
    }
    return this.#follow(asked, session, row, now);
  }

  #decide(asked: Asked): Acquisition | undefined {
    const { sessions, entries, tags, leases, keeper, clock } = this.#parts;
    const { address, key, declared } = asked;
    const session = sessions.rowOf(address.session);
    if (session === undefined) return { kind: 'ended' };
    const now = clock.now();
    const found = entries.find(key, session, declared);
    const row = found?.id === asked.damaged ? undefined : found;
    const state = stateOf(row, now);
    if (state === 'fresh' && !asked.refresh) return undefined;
    const followed = this.#follow(asked, session, row, now);
    if (followed !== undefined) return followed;
    const lease: SqliteLease = { id: nextId(), address, key, stamp: tags.stamp(now) };
    leases.grant(key, lease.id, lease.stamp, session, keeper.deadline(now));
    return {
      kind: 'lead',
      lease,
      reason: state === 'fresh' ? 'refresh' : state,
      culprit: row?.culprit ?? undefined,
      expired: expiredOf(asked, row, now),
    };
  }

  #follow(asked: Asked, session: SessionRow, row: EntryRow | undefined, now: number): Acquisition | undefined {
    const lease = this.#parts.leases.running(asked.key, session, asked.declared, now);
    if (lease === undefined) return undefined;
    return {
      kind: 'follow',
      leaseId: lease.token,
      current: lease.isCurrent === 1,
      settled: this.#parts.waiters.wait(lease.token),
      expired: expiredOf(asked, row, now),
    };
  }
}

/** Returns the entry that may stand in for a load: the row that was read is still there and valid. */
function expiredOf({ standIn }: Asked, row: EntryRow | undefined, now: number): StoredEntry | undefined {
  return standIn !== undefined && standIn.id === row?.id && stateOf(row, now) === 'expired' ? standIn.entry : undefined;
}
