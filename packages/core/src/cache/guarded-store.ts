import { isPromise, type MaybePromise } from '../maybe-promise.ts';
import type { Reporter } from '../observe/reporter.ts';
import type {
  AcquireRequest,
  Acquisition,
  CommitResult,
  EntryAddress,
  EntryDraft,
  EntryStore,
  Inspection,
  Lease,
  Proof,
  StoredEntry,
} from '../store/entry-store.ts';
import type { DirtyTags } from './dirty-tags.ts';
import { abortable } from './single-flight.ts';

/** Asks the store on behalf of reads. It never fails: what goes wrong in the store is reported, and answers nothing. */
export class GuardedStore {
  readonly #entries: EntryStore;
  readonly #reporter: Reporter;
  readonly #dirty: DirtyTags;
  readonly #pending = new Set<Promise<unknown>>();
  #isImmediate = true;
  // Whoever waits for an earlier one has had its answer when this one is there.
  #lastProving: Promise<unknown> | undefined;

  constructor(entries: EntryStore, reporter: Reporter, dirty: DirtyTags) {
    this.#entries = entries;
    this.#reporter = reporter;
    this.#dirty = dirty;
  }

  /** Tells whether the store has answered every question at once so far. */
  get isImmediate(): boolean {
    return this.#isImmediate;
  }

  /**
   * Returns an entry that is valid, without waiting.
   *
   * @param proof is what the store has proved; by default only what it can prove at once
   */
  peek(
    address: EntryAddress,
    declared?: readonly string[],
    proof: Pick<EntryStore, 'peek'> = this.#entries,
  ): StoredEntry | undefined {
    try {
      const entry = proof.peek(address, declared);
      return entry !== undefined && this.#dirty.meet(entry.tags) ? undefined : entry;
    } catch {
      return undefined; // `acquire` meets the same failure and reports it
    }
  }

  /** Asks for a proof of the copy that is here; undefined when there is none to ask for, or when it could not be trusted. */
  prove(address: EntryAddress): Promise<Proof | undefined> | undefined {
    if (this.#dirty.any) return undefined;
    try {
      const proving = this.#entries.prove?.(address);
      if (proving !== undefined) this.#lastProving = proving;
      return proving;
    } catch {
      return undefined; // as above
    }
  }

  /** Returns an entry that is valid, within its ttl or not, wherever it is. */
  async valid(address: EntryAddress, declared: readonly string[]): Promise<StoredEntry | undefined> {
    const inspect = async (): Promise<Inspection> => this.#entries.inspect(address, declared);
    const found = await this.#settle('inspect', inspect());
    const isValid = found?.state === 'fresh' || found?.state === 'expired';
    return isValid && found.entry !== undefined && !this.#dirty.meet(found.entry.tags) ? found.entry : undefined;
  }

  /** Asks for the entry, or the lease to load it; who leaves before the answer gives the lease back. */
  acquire(request: AcquireRequest, signal?: AbortSignal): MaybePromise<Acquisition | undefined> {
    try {
      const answer = this.#entries.acquire(request);
      if (!isPromise(answer)) return answer;
      this.#isImmediate = false;
      const asked = this.#settle('acquire', answer);
      return abortable(asked, signal, () => this.#giveUp(asked));
    } catch (error) {
      return this.#fail('acquire', error);
    }
  }

  /**
   * Offers a result to the store.
   *
   * @param report is told what the store made of it, unless the store failed
   */
  commit(
    lease: Lease,
    draft: EntryDraft,
    report: (result: CommitResult) => void,
  ): MaybePromise<CommitResult | undefined> {
    const done = (result: CommitResult | undefined): CommitResult | undefined => {
      if (result === undefined) this.release(lease);
      else report(result);
      return result;
    };
    try {
      const answer = this.#entries.commit(lease, draft);
      return isPromise(answer) ? this.#settle('commit', answer, done) : done(answer);
    } catch (error) {
      return done(this.#fail('commit', error));
    }
  }

  /** Gives back a lease. */
  release(lease: Lease): void {
    try {
      const answer = this.#entries.release(lease);
      if (isPromise(answer)) void this.#settle('release', answer);
    } catch (error) {
      this.#fail('release', error);
    }
  }

  /** Keeps track of work that nobody else waits for. */
  track(work: Promise<unknown>): void {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }

  /** Waits for what is still on its way: answers of the store, and the work that is kept track of. */
  async drain(): Promise<void> {
    await Promise.allSettled([this.#lastProving]);
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }

  #giveUp(asked: Promise<Acquisition | undefined>): void {
    this.track(
      asked.then((acquired) => {
        if (acquired?.kind === 'lead') this.release(acquired.lease);
      }),
    );
  }

  /** Waits for the store; a failure is reported, and answers nothing. */
  #settle<R>(
    operation: string,
    answer: Promise<R>,
    done: (result: R | undefined) => R | undefined = (result) => result,
  ): Promise<R | undefined> {
    const settled = answer.then(done, (error: unknown) => done(this.#fail(operation, error)));
    this.track(settled);
    return settled;
  }

  #fail(operation: string, error: unknown): undefined {
    this.#reporter.note({ type: 'store-error', operation, error });
  }
}
