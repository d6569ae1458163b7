import type { Clock } from '../clock.ts';
import { isPromise, type MaybePromise } from '../maybe-promise.ts';
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
} from '../store/entry-store.ts';
import type { Store } from '../store/store.ts';
import { FaultPlan, type Fault, type FaultRule } from './fault-plan.ts';
import { faultyState, type StateOperation } from './faulty-state.ts';
import { seededRandom } from './seeded-random.ts';

/** Names an operation of a store that can go wrong. */
export type EntryOperation = Exclude<keyof EntryStore, 'stats'>;

/** Configures a faulty store. */
export interface FaultyStoreOptions {
  /**
   * Turns every answer into a real promise that settles some steps later, so that what works with answers at once is
   * tested against a store that takes its time. Requests overtake each other, as they do on several connections. `peek`
   * finds nothing then, and what it would have found is to be proved. Default: false.
   */
  readonly async?: boolean;
  /** Decides all that is left to chance. Default: 1. */
  readonly seed?: number;
  /** Lets asynchronous answers also take time on this clock, up to `maxDelayMs`. Default: they take microtasks only. */
  readonly clock?: Clock;
  /** Is the longest delay of a request, and again of its answer, in milliseconds. Default: 5. */
  readonly maxDelayMs?: number;
}

/** Is a store whose operations go wrong when and how a test says. */
export interface FaultyStore extends Store {
  /** Lets operations go wrong from now on; of several rules that fit a call, the first one takes it. */
  inject(rule: FaultRule<EntryOperation | StateOperation>): Fault;
  /** Ends all faults and lets all that is held go on. */
  heal(): void;
  /** Counts the calls of an operation, those that went wrong included. */
  calls(operation: EntryOperation | StateOperation): number;
}

/**
 * Wraps a store so that it fails, hangs, loses replies or takes its time, on purpose.
 *
 * Use it to see that an agent goes on working while its store does not. Without a fault and without `async` it answers
 * exactly as the store inside does.
 */
export function faultyStore(store: Store, options: FaultyStoreOptions = {}): FaultyStore {
  const random = seededRandom(options.seed ?? 1);
  const plan = new FaultPlan<EntryOperation | StateOperation>(random);
  const pace = options.async === true ? asynchronousPace(random, options.clock, options.maxDelayMs ?? 5) : undefined;
  const namespaces = new Map<string, FaultyEntries>();
  const openState = store.state?.bind(store);
  return {
    name: store.name,
    shared: store.shared,
    entries(namespace, settings) {
      let entries = namespaces.get(namespace);
      if (entries === undefined) {
        entries = new FaultyEntries(store.entries(namespace, settings), plan, pace);
        namespaces.set(namespace, entries);
      }
      return entries;
    },
    ...(openState && {
      state: async (namespace: string) =>
        faultyState(await openState(namespace), (operation, request) =>
          plan.run(operation, pace === undefined ? request : () => pace(request)),
        ),
    }),
    close: () => store.close(),
    inject: (rule) => plan.add(rule),
    heal: () => plan.clear(),
    calls: (operation) => plan.calls(operation),
  };
}

/** Runs a request after a while and hands out its answer after another. */
type Pace = <R>(request: () => MaybePromise<R>) => Promise<R>;

class FaultyEntries implements EntryStore {
  readonly #entries: EntryStore;
  readonly #plan: FaultPlan<EntryOperation | StateOperation>;
  readonly #pace: Pace | undefined;

  constructor(entries: EntryStore, plan: FaultPlan<EntryOperation | StateOperation>, pace: Pace | undefined) {
    this.#entries = entries;
    this.#plan = plan;
    this.#pace = pace;
  }

  peek(address: EntryAddress, declared?: readonly string[]): StoredEntry | undefined {
    let entry: StoredEntry | undefined;
    const answer = this.#plan.run('peek', () => {
      if (this.#pace === undefined) entry = this.#entries.peek(address, declared);
    });
    // An answer that is late, lost or refused by a promise is no proof.
    if (!isPromise(answer)) return entry;
    answer.catch(() => undefined);
    return undefined;
  }

  prove(address: EntryAddress): Promise<Proof | undefined> | undefined {
    const entries = this.#entries;
    // Where answers take their time, what would be there at once has to be proved.
    const isHere = this.#pace !== undefined && entries.peek(address) !== undefined;
    const proving = isHere ? Promise.resolve({ peek: entries.peek.bind(entries) }) : entries.prove?.(address);
    proving?.catch(() => undefined); // whoever waits for it may be given another answer
    return proving && Promise.resolve(this.#call('prove', () => proving));
  }

  acquire(request: AcquireRequest): MaybePromise<Acquisition> {
    return this.#call('acquire', () => this.#entries.acquire(request));
  }

  commit(lease: Lease, draft: EntryDraft): MaybePromise<CommitResult> {
    return this.#call('commit', () => this.#entries.commit(lease, draft));
  }

  release(lease: Lease): MaybePromise<void> {
    return this.#call('release', () => this.#entries.release(lease));
  }

  put(address: EntryAddress, draft: EntryDraft): MaybePromise<void> {
    return this.#call('put', () => this.#entries.put(address, draft));
  }

  delete(address: EntryAddress): MaybePromise<boolean> {
    return this.#call('delete', () => this.#entries.delete(address));
  }

  inspect(address: EntryAddress, declared?: readonly string[]): MaybePromise<Inspection> {
    return this.#call('inspect', () => this.#entries.inspect(address, declared));
  }

  invalidate(tags: readonly string[], session?: SessionHandle): MaybePromise<void> {
    return this.#call('invalidate', () => this.#entries.invalidate(tags, session));
  }

  openBarrier(barrier: Barrier, maxMs: number): MaybePromise<void> {
    return this.#call('openBarrier', () => this.#entries.openBarrier(barrier, maxMs));
  }

  closeBarrier(barrier: Barrier): MaybePromise<void> {
    return this.#call('closeBarrier', () => this.#entries.closeBarrier(barrier));
  }

  clear(): MaybePromise<void> {
    return this.#call('clear', () => this.#entries.clear());
  }

  openSession(id: string, userId: string | undefined): MaybePromise<SessionHandle> {
    return this.#call('openSession', () => this.#entries.openSession(id, userId));
  }

  endSession(session: SessionHandle): MaybePromise<void> {
    return this.#call('endSession', () => this.#entries.endSession(session));
  }

  stats(): EntryStats {
    return this.#entries.stats();
  }

  #call<R>(operation: EntryOperation, request: () => MaybePromise<R>): MaybePromise<R> {
    const pace = this.#pace;
    return this.#plan.run(operation, pace === undefined ? request : () => pace(request));
  }
}

function asynchronousPace(random: () => number, clock: Clock | undefined, maxDelayMs: number): Pace {
  async function pause(): Promise<void> {
    if (clock !== undefined && random() < 0.5) {
      await new Promise<void>((resolve) => clock.after(random() * maxDelayMs, resolve));
    }
    for (let steps = Math.floor(random() * 4); steps > 0; steps -= 1) await Promise.resolve();
  }
  return async (request) => {
    await pause();
    const answer = await request();
    await pause();
    return answer;
  };
}
