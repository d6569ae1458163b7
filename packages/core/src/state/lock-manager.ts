import { parseDuration } from '../duration.ts';
import { StateError } from '../errors.ts';
import { nextId } from '../id.ts';
import { checkArgument, checkKnown, checkOneOf, checkSignal, checkText } from '../option-checks.ts';
import type { LockHolder, LockRequest } from '../store/lock-store.ts';
import type { LockOptions } from './lock-options.ts';
import { StateLock } from './state-lock.ts';
import type { StatePorts } from './state-ports.ts';
import { TurnQueue } from './turn-queue.ts';

/** Takes locks. Those of one process who want the same lock ask for it one after the other, in the order in which they came. */
export class LockManager {
  readonly #ports: StatePorts;
  readonly #prefix: string;
  readonly #turns = new TurnQueue();

  /** @param prefix keeps these locks apart from those of other kinds in the same namespace */
  constructor(ports: StatePorts, prefix: string) {
    this.#ports = ports;
    this.#prefix = prefix;
  }

  /**
   * Takes a lock, or waits for it.
   *
   * @throws StateError `lock_held` when somebody else holds it, at once or after the wait
   * @throws what the signal was aborted with
   */
  async take(name: string, options: LockOptions = {}): Promise<StateLock> {
    checkArgument(typeof name === 'string' && name !== '', 'name', name, 'a text that is not empty');
    checkKnown(options, ['ttl', 'wait', 'signal', 'owner', 'heartbeat']);
    const { signal, owner = nextId(), heartbeat = true } = options;
    const ttlMs = parseDuration(options.ttl ?? '30s', 'ttl');
    checkSignal(signal);
    checkText(owner, 'owner');
    checkOneOf(heartbeat, 'heartbeat', [true, false]);
    signal?.throwIfAborted();
    const request: LockRequest = { name: this.#prefix + name, owner, token: nextId(), ttlMs };
    if (options.wait === undefined) {
      const { lock, refusal, isRepeated } = await this.#try(request, heartbeat);
      if (isRepeated) this.#forget(name, request);
      if (lock === undefined) throw heldError(name, refusal);
      return this.#handOver(lock, signal);
    }
    return this.#wait(name, request, heartbeat, parseDuration(options.wait, 'wait'), signal);
  }

  /** Tells who holds a lock, without changing anything. */
  async inspect(name: string): Promise<LockHolder | undefined> {
    checkArgument(typeof name === 'string' && name !== '', 'name', name, 'a text that is not empty');
    return this.#ports.read(`lock ${name}`, ({ locks }) => locks.inspect(this.#prefix + name));
  }

  async #wait(
    name: string,
    request: LockRequest,
    heartbeat: boolean,
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<StateLock> {
    const timeout = new AbortController();
    const cancelTimeout = this.#ports.clock.after(waitMs, () => timeout.abort(), true);
    const over = AbortSignal.any(signal === undefined ? [timeout.signal] : [timeout.signal, signal]);
    try {
      // Whose time is over while others are before it gets an answer at once, and gives up its turn when it comes.
      return await Promise.race([
        this.#turns.run(name, () => this.#ask(name, request, heartbeat, over, signal)),
        this.#whenOver(name, over, signal),
      ]);
    } finally {
      cancelTimeout();
    }
  }

  /** Asks for the lock until it is there or the time is over. */
  async #ask(
    name: string,
    request: LockRequest,
    heartbeat: boolean,
    over: AbortSignal,
    signal: AbortSignal | undefined,
  ): Promise<StateLock> {
    for (let isRepeated = false; ;) {
      if (over.aborted) {
        if (isRepeated) this.#forget(name, request);
        return this.#giveUp(name, signal);
      }
      const { lock, ...refused } = await this.#try(request, heartbeat);
      isRepeated ||= refused.isRepeated;
      if (lock !== undefined && over.aborted) {
        await lock[Symbol.asyncDispose]();
        continue;
      }
      if (lock !== undefined) return lock;
      await this.#ports.read(`lock ${name}`, ({ locks }) => locks.wait(request.name, over));
    }
  }

  #whenOver(name: string, over: AbortSignal, signal: AbortSignal | undefined): Promise<never> {
    return new Promise((_, reject) => {
      const giveUp = (): void => void this.#giveUp(name, signal).catch(reject);
      if (over.aborted) giveUp();
      else over.addEventListener('abort', giveUp, { once: true });
    });
  }

  async #giveUp(name: string, signal: AbortSignal | undefined): Promise<never> {
    signal?.throwIfAborted();
    throw heldError(name, await this.inspect(name).catch(() => undefined));
  }

  async #try(request: LockRequest, heartbeat: boolean): Promise<LockAttempt> {
    const name = request.name.slice(this.#prefix.length);
    const sentAt = this.#ports.clock.now();
    let times = 0;
    try {
      const result = await this.#ports.change(`lock ${name}`, ({ locks }) => {
        times += 1;
        return locks.acquire(request);
      });
      if (result.kind === 'released') return { isRepeated: false };
      if (result.kind === 'held') return { refusal: result, isRepeated: times > 1 };
      return {
        isRepeated: false,
        lock: new StateLock(this.#ports, {
          ...request,
          name,
          key: request.name,
          fence: result.fence,
          sentAt,
          heartbeat,
        }),
      };
    } catch (error) {
      this.#forget(name, request);
      throw error;
    }
  }

  /** Sees to it that a request whose reply was lost takes nothing: nobody would prolong or release the lock. */
  #forget(name: string, { name: key, token }: LockRequest): void {
    void this.#ports.change(`lock ${name}`, ({ locks }) => locks.release(key, token)).catch(() => undefined);
  }

  async #handOver(lock: StateLock, signal: AbortSignal | undefined): Promise<StateLock> {
    if (signal?.aborted !== true) return lock;
    await lock[Symbol.asyncDispose]();
    throw signal.reason;
  }
}

/** Is what has become of asking for a lock. */
interface LockAttempt {
  readonly lock?: StateLock;
  readonly refusal?: Omit<LockHolder, 'fence'>;
  /** Tells whether a request without a reply came before a refusal: it may arrive still. */
  readonly isRepeated: boolean;
}

function heldError(name: string, holder: Omit<LockHolder, 'fence'> | undefined): StateError {
  const { owner, remainingMs } = holder ?? {};
  const by =
    owner === undefined ? 'somebody else' : `"${owner}", for another ${Math.ceil(remainingMs ?? 0)} ms at least`;
  const message = `The lock ${JSON.stringify(name)} is held by ${by} unless it is released.`;
  return new StateError('lock_held', message, { subject: name, owner, remainingMs });
}
