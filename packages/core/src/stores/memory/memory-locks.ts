import type { Clock } from '../../clock.ts';
import type { LockHolder, LockRequest, LockResult, LockStore } from '../../store/lock-store.ts';
import { OperationMemory } from './operation-memory.ts';

/** Holds the locks of one namespace in memory. Every step is synchronous. */
export class MemoryLocks implements LockStore {
  readonly #clock: Clock;
  readonly #onExpiring: () => void;
  readonly #held = new Map<string, HeldLock>();
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #released: OperationMemory<boolean>;
  /** Is the highest fence of all locks: one number holds for every name, and none has to be remembered. */
  #fence = 0;

  /** @param onExpiring is called when there is something whose time will be over */
  constructor(clock: Clock, onExpiring: () => void) {
    this.#clock = clock;
    this.#onExpiring = onExpiring;
    this.#released = new OperationMemory(clock);
  }

  acquire({ name, owner, token, ttlMs }: LockRequest): LockResult {
    if (this.#released.recalls(releaseOf(name, token))) return { kind: 'released' };
    const now = this.#clock.now();
    const held = this.#find(name);
    if (held?.token === token) {
      held.expiresAt = now + ttlMs;
      return { kind: 'acquired', fence: held.fence };
    }
    if (held !== undefined && held.owner !== owner) {
      return { kind: 'held', owner: held.owner, remainingMs: held.expiresAt - now };
    }
    this.#fence = Math.max(this.#fence + 1, Math.floor(now * 1_000));
    this.#held.set(name, { owner, token, fence: this.#fence, expiresAt: now + ttlMs });
    this.#onExpiring();
    return { kind: 'acquired', fence: this.#fence };
  }

  extend(name: string, token: string, ttlMs: number): boolean {
    const held = this.#find(name);
    if (held?.token !== token) return false;
    held.expiresAt = this.#clock.now() + ttlMs;
    return true;
  }

  release(name: string, token: string): boolean {
    return this.#released.once(releaseOf(name, token), () => this.#release(name, token));
  }

  #release(name: string, token: string): boolean {
    if (this.#find(name)?.token !== token) return false;
    this.#held.delete(name);
    for (const wake of this.#waiting.get(name) ?? []) wake();
    return true;
  }

  inspect(name: string): LockHolder | undefined {
    const held = this.#find(name);
    return held && { owner: held.owner, fence: held.fence, remainingMs: held.expiresAt - this.#clock.now() };
  }

  wait(name: string, signal: AbortSignal): Promise<void> {
    const held = this.#find(name);
    if (held === undefined || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(name) ?? new Set();
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        waiting.delete(done);
        if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name);
        resolve();
      };
      this.#waiting.set(name, waiting.add(done));
      signal.addEventListener('abort', done);
      const cancel = this.#clock.after(held.expiresAt - this.#clock.now(), done, true);
    });
  }

  /** Lets go of locks whose time is over; tells whether there are more that will go. */
  removeExpired(): boolean {
    for (const name of this.#held.keys()) this.#find(name);
    return this.#held.size > 0;
  }

  #find(name: string): HeldLock | undefined {
    const held = this.#held.get(name);
    if (held === undefined || held.expiresAt > this.#clock.now()) return held;
    this.#held.delete(name);
    return undefined;
  }
}

function releaseOf(name: string, token: string): string {
  return `${token}\n${name}`;
}

interface HeldLock {
  readonly owner: string;
  readonly token: string;
  readonly fence: number;
  expiresAt: number;
}
