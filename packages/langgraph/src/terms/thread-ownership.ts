import { InvalidOptionError, parseDuration, type Clock, type Duration, type Store } from '@keepstep/core';
import { createAgentState, StateError, type AgentState, type LockOptions, type StateLock } from '@keepstep/core/state';

/** Configures how a worker owns threads. */
export interface OwnershipOptions {
  /** Is how long a thread stays with a worker that does not answer any more. Default: "30s". */
  readonly ttl?: Duration;
  /** Is how long to wait for a thread that another worker owns. Default: not at all. */
  readonly wait?: Duration;
  /** Names this worker to others; nobody else has the name at the same time. Default: a new name. */
  readonly owner?: string;
}

/**
 * Owns threads for one checkpointer: no other one that asks for ownership can change them meanwhile.
 *
 * A thread is taken with its first change, or by `acquire`, and is kept by a heartbeat until it is released. A thread that was
 * lost stays lost: what comes after is what a run goes on with that does not know of the other one, so each change is refused
 * until somebody acquires the thread anew.
 */
export class ThreadOwnership {
  readonly #state: AgentState;
  readonly #options: LockOptions;
  readonly #owned = new Map<string, OwnedThread>();

  /** @throws InvalidOptionError for an option that is not allowed */
  constructor(store: Store, namespace: string, options: OwnershipOptions, clock: Clock | undefined) {
    if (typeof options !== 'object' || options === null) {
      throw new InvalidOptionError('ownership', options, 'true, false or an object with ttl, wait, owner');
    }
    for (const [name, value] of Object.entries(options)) {
      if (!KNOWN.includes(name)) throw new InvalidOptionError(`ownership.${name}`, value, KNOWN.join(', '));
    }
    const { ttl, wait, owner } = options;
    if (owner !== undefined && (typeof owner !== 'string' || owner === '')) {
      throw new InvalidOptionError('ownership.owner', owner, 'a text that is not empty');
    }
    this.#state = createAgentState({ store, namespace, ...(clock && { clock }) });
    this.#options = {
      ...(ttl !== undefined && { ttl: parseDuration(ttl, 'ownership.ttl') }),
      ...(wait !== undefined && { wait: parseDuration(wait, 'ownership.wait') }),
      ...(owner !== undefined && { owner }),
    };
  }

  /**
   * Returns the fence under which a thread is changed, and takes the thread if it is not owned yet.
   *
   * @throws StateError `lock_held` when another worker owns it, `lock_lost` when it was taken away
   */
  async fenceOf(thread: string): Promise<number> {
    const { lock, isLost } = this.#owned.get(thread) ?? this.#take(thread);
    const { held, fence } = await lock;
    if (held && !isLost) return fence;
    const message = `The ownership of the thread ${JSON.stringify(thread)} is over: another worker may own it now.`;
    throw new StateError('lock_lost', message, { subject: thread, fence });
  }

  /** Takes a thread, also one that was lost. What is acquired twice is released by the second release. */
  async acquire(thread: string): Promise<void> {
    const known = this.#owned.get(thread);
    if (known !== undefined && (known.isLost || !(await known.lock).held)) {
      await this.#give(thread, known);
    }
    const owned = this.#owned.get(thread) ?? this.#take(thread);
    await owned.lock;
    owned.acquired += 1;
  }

  /** Gives a thread back, once it was released as often as it was acquired. */
  async release(thread: string): Promise<void> {
    const owned = this.#owned.get(thread);
    if (owned === undefined) return;
    owned.acquired -= 1;
    if (owned.acquired <= 0) await this.#give(thread, owned);
  }

  /** Takes note that the store has seen another owner. */
  lose(thread: string): void {
    const owned = this.#owned.get(thread);
    if (owned !== undefined) owned.isLost = true;
  }

  /** Gives all threads back. */
  async close(): Promise<void> {
    await Promise.all([...this.#owned].map(([thread, owned]) => this.#give(thread, owned)));
  }

  #take(thread: string): OwnedThread {
    const lock = this.#state.lock(`langgraph thread ${thread}`, this.#options);
    const owned: OwnedThread = { lock, isLost: false, acquired: 0 };
    this.#owned.set(thread, owned);
    lock.catch(() => {
      if (this.#owned.get(thread) === owned) this.#owned.delete(thread);
    });
    return owned;
  }

  async #give(thread: string, owned: OwnedThread): Promise<void> {
    if (this.#owned.get(thread) === owned) this.#owned.delete(thread);
    const lock = await owned.lock.catch(() => undefined);
    await lock?.[Symbol.asyncDispose]();
  }
}

interface OwnedThread {
  readonly lock: Promise<StateLock>;
  isLost: boolean;
  /** Counts how often it was acquired and not yet released. */
  acquired: number;
}

const KNOWN = ['ttl', 'wait', 'owner'];
