import type { Clock } from '../clock.ts';
import { StateError } from '../errors.ts';
import type { StatePorts } from './state-ports.ts';

/** Says how a lock was taken. */
export interface TakenLock {
  readonly name: string;
  /** Is the name by which the store knows it. */
  readonly key: string;
  readonly owner: string;
  readonly token: string;
  readonly fence: number;
  readonly ttlMs: number;
  /** Is when the request was sent: the lease has begun no earlier. */
  readonly sentAt: number;
  readonly heartbeat: boolean;
}

/**
 * Is a lock that is held, until it is released or its lease is lost.
 *
 * A lease keeps others away for a while; nobody can promise more, since a process may be stopped at any point and go on
 * later without noticing. So the lock has a `fence`: pass it to what you write, and the write of a holder whose time is
 * over is refused.
 */
export class StateLock implements AsyncDisposable {
  readonly name: string;
  /** Names the holder to others. */
  readonly owner: string;
  /** Is higher than that of every holder before, for ever. */
  readonly fence: number;
  readonly #ports: StatePorts;
  readonly #clock: Clock;
  readonly #key: string;
  readonly #token: string;
  readonly #ttlMs: number;
  readonly #lost = new AbortController();
  #expiresAt: number;
  #isReleased = false;
  #cancelExpiry: () => void = () => undefined;
  #cancelHeartbeat: () => void = () => undefined;

  constructor(ports: StatePorts, taken: TakenLock) {
    const { name, key, owner, token, fence, ttlMs, sentAt, heartbeat } = taken;
    this.name = name;
    this.#key = key;
    this.owner = owner;
    this.fence = fence;
    this.#ports = ports;
    this.#clock = ports.clock;
    this.#token = token;
    this.#ttlMs = ttlMs;
    this.#expiresAt = sentAt + ttlMs;
    this.#watchExpiry();
    if (heartbeat) this.#scheduleHeartbeat();
  }

  /** Is aborted with an error of code `lock_lost` when the lease is over, by the clock of this process or by word of the store. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Tells whether the lock is held, as far as this process can tell. */
  get held(): boolean {
    return !this.#isReleased && !this.#lost.signal.aborted && this.#clock.now() < this.#expiresAt;
  }

  /**
   * Gives the lock a new lease.
   *
   * @throws StateError `lock_lost` when it is not held any more
   */
  async extend(): Promise<void> {
    if (!(await this.#prolong())) throw this.#lostError();
  }

  /** Frees the lock, and tells whether it was still held. May be called twice. */
  async release(): Promise<boolean> {
    if (this.#isReleased) return false;
    this.#end();
    return this.#ports.change(`lock ${this.name}`, ({ locks }) => locks.release(this.#key, this.#token));
  }

  /** Frees the lock. A store that cannot be reached is no reason to fail here: the lease ends by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.release().catch(() => undefined);
  }

  async #prolong(): Promise<boolean> {
    if (this.#isReleased || this.#lost.signal.aborted) return false;
    const sentAt = this.#clock.now();
    const isHeld = await this.#ports.change(`lock ${this.name}`, ({ locks }) =>
      locks.extend(this.#key, this.#token, this.#ttlMs),
    );
    if (!isHeld) this.#lose();
    else if (!this.#isReleased) {
      this.#expiresAt = Math.max(this.#expiresAt, sentAt + this.#ttlMs);
      this.#watchExpiry();
    }
    return isHeld;
  }

  #scheduleHeartbeat(): void {
    this.#cancelHeartbeat = this.#clock.after(this.#ttlMs / 3, () => {
      // A store that fails now may answer next time; if it does not, the lease runs out.
      void this.#prolong()
        .catch(() => undefined)
        .then(() => {
          if (!this.#isReleased && !this.#lost.signal.aborted) this.#scheduleHeartbeat();
        });
    });
  }

  #watchExpiry(): void {
    this.#cancelExpiry();
    this.#cancelExpiry = this.#clock.after(this.#expiresAt - this.#clock.now(), () => {
      // A timer may come early: one for more than 24 days does.
      if (this.#clock.now() < this.#expiresAt) this.#watchExpiry();
      else this.#lose();
    });
  }

  #lose(): void {
    if (this.#isReleased || this.#lost.signal.aborted) return;
    this.#stopTimers();
    this.#lost.abort(this.#lostError());
  }

  #end(): void {
    this.#isReleased = true;
    this.#stopTimers();
  }

  #stopTimers(): void {
    this.#cancelExpiry();
    this.#cancelHeartbeat();
  }

  #lostError(): StateError {
    const message = this.#isReleased
      ? `The lock ${JSON.stringify(this.name)} was released.`
      : `The lease of the lock ${JSON.stringify(this.name)} is over: somebody else may hold it now.`;
    return new StateError('lock_lost', message, { subject: this.name, fence: this.fence });
  }
}
