import { isPromise, type MaybePromise } from '../maybe-promise.ts';
import type { Reporter } from '../observe/reporter.ts';
import type {
  AcquireRequest,
  Acquisition,
  CommitResult,
  EntryAddress,
  EntryDraft,
  EntryStore,
  Lease,
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

  constructor(entries: EntryStore, reporter: Reporter, dirty: DirtyTags) {
    this.#entries = entries;
    this.#reporter = reporter;
    this.#dirty = dirty;
  }

  /** Returns an entry that is valid, without waiting. */
  peek(address: EntryAddress, declared?: readonly string[]): StoredEntry | undefined {
    try {
      const entry = this.#entries.peek(address, declared);
      return entry !== undefined && this.#dirty.meet(entry.tags) ? undefined : entry;
    } catch {
      return undefined; // `acquire` meets the same failure and reports it
    }
  }

  /** Returns an entry that is valid, within its ttl or not, wherever it is. */
  async valid(address: EntryAddress, declared: readonly string[]): Promise<StoredEntry | undefined> {
    const found = await this.#call('inspect', () => this.#entries.inspect(address, declared));
    const isValid = found?.state === 'fresh' || found?.state === 'expired';
    return isValid && found.entry !== undefined && !this.#dirty.meet(found.entry.tags) ? found.entry : undefined;
  }

  /** Asks for the entry, or the lease to load it; who leaves before the answer gives the lease back. */
  acquire(request: AcquireRequest, signal?: AbortSignal): MaybePromise<Acquisition | undefined> {
    const asked = this.#call('acquire', () => this.#entries.acquire(request));
    return isPromise(asked) ? abortable(asked, signal, () => this.#giveUp(asked)) : asked;
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
    const done = (result: CommitResult | undefined): void =>
      result === undefined ? this.release(lease) : report(result);
    return this.#call('commit', () => this.#entries.commit(lease, draft), done);
  }

  /** Gives back a lease. */
  release(lease: Lease): void {
    void this.#call('release', () => this.#entries.release(lease));
  }

  /** Keeps track of work that nobody else waits for. */
  track(work: Promise<unknown>): void {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }

  /** Waits for what is still on its way: answers of the store, and the work that is kept track of. */
  async drain(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }

  #giveUp(asked: Promise<Acquisition | undefined>): void {
    this.track(
      asked.then((acquired) => {
        if (acquired?.kind === 'lead') this.release(acquired.lease);
      }),
    );
  }

  /** Calls the store; a failure is reported, and `done` then gets nothing. */
  #call<R>(
    operation: string,
    call: () => MaybePromise<R>,
    done?: (result: R | undefined) => void,
  ): MaybePromise<R | undefined> {
    const succeed = (result: R): R => {
      done?.(result);
      return result;
    };
    const fail = (error: unknown): undefined => {
      this.#reporter.note({ type: 'store-error', operation, error });
      done?.(undefined);
    };
    try {
      const answer = call();
      if (!isPromise(answer)) return succeed(answer);
      const settled = answer.then(succeed, fail);
      this.track(settled);
      return settled;
    } catch (error) {
      return fail(error);
    }
  }
}
