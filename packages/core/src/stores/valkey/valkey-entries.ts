import { sessionConflict } from '../../errors.ts';
import { isPromise } from '../../maybe-promise.ts';
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
  Proof,
  SessionHandle,
  StoredEntry,
} from '../../store/entry-store.ts';
import { EntryAcquirer } from './entry-acquirer.ts';
import { drawNonce, EntryFinder } from './entry-finder.ts';
import { EntryWriter } from './entry-writer.ts';
import { Invalidations } from './invalidations.ts';
import { escapeName } from './key-layout.ts';
import { sessionEndScript } from './lua/session-end.generated.ts';
import { sessionOpenScript } from './lua/session-open.generated.ts';
import type { ValkeyEntriesParts } from './valkey-entries-parts.ts';
import type { ValkeyLease } from './valkey-lease.ts';

/** Holds the entries of one namespace on Valkey, and copies of those that are in use here. */
export class ValkeyEntries implements EntryStore {
  readonly #parts: ValkeyEntriesParts;
  readonly #finder: EntryFinder;
  readonly #acquirer: EntryAcquirer;
  readonly #writer: EntryWriter;
  readonly #invalidations: Invalidations;

  constructor(parts: ValkeyEntriesParts) {
    this.#parts = parts;
    this.#finder = new EntryFinder(parts);
    this.#acquirer = new EntryAcquirer(parts, this.#finder, (opening) => this.forgetSession(opening));
    this.#writer = new EntryWriter(parts);
    this.#invalidations = new Invalidations(parts);
  }

  peek(address: EntryAddress, declared: readonly string[] = []): StoredEntry | undefined {
    return this.#finder.peek(address, declared);
  }

  prove(address: EntryAddress): Promise<Proof | undefined> | undefined {
    const agreed = this.#parts.agreed();
    if (!isPromise(agreed)) return this.#finder.prove(address);
    agreed.catch(() => undefined); // `acquire` waits for it, and meets its failure
    return undefined;
  }

  acquire(request: AcquireRequest): Promise<Acquisition> {
    return this.#acquirer.acquire(request);
  }

  async commit(lease: Lease, draft: EntryDraft): Promise<CommitResult> {
    const result = await this.#writer.commit(lease as ValkeyLease, draft);
    if (result === 'too-large') this.release(lease).catch(() => undefined);
    return result;
  }

  release(lease: Lease): Promise<void> {
    return this.#acquirer.release(lease as ValkeyLease);
  }

  async put(address: EntryAddress, draft: EntryDraft): Promise<void> {
    await this.#parts.agreed();
    await this.#writer.put(address, draft);
  }

  async delete(address: EntryAddress): Promise<boolean> {
    await this.#parts.agreed();
    return this.#writer.delete(address);
  }

  async inspect(address: EntryAddress, declared: readonly string[] = []): Promise<Inspection> {
    await this.#parts.agreed();
    return this.#acquirer.inspect(address, declared);
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
    const { connection, layout, feeds, clock, sessionIdleMs } = this.#parts;
    const keys = [layout.ofSession(id).clock, layout.session({ id }), layout.sessionHolders({ id })];
    const owner = userId === undefined ? '0' : `1${escapeName(userId)}`;
    const args = [drawNonce(), drawNonce(), owner, sessionIdleMs];
    const reply = await connection.run(sessionOpenScript, true, keys, args);
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
}
