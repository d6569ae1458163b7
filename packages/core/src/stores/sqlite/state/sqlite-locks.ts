import type { Clock } from '../../../clock.ts';
import { wireBytes } from '../../../codec/wire-text.ts';
import type { LockHolder, LockRequest, LockResult, LockStore } from '../../../store/lock-store.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import type { ChangeWatch } from './change-watch.ts';
import { textOf } from './key-bounds.ts';
import { locksSql } from './statements/locks.generated.ts';
import { operationsSql } from './statements/operations.generated.ts';

/**
 * Holds the locks of one namespace in a SQLite file.
 *
 * Nothing here waits for the disk: a power cut ends all holders, and the fence that comes after it is no lower than the time.
 */
export class SqliteLocks implements LockStore {
  readonly #database: SqliteDatabase;
  readonly #namespace: number;
  readonly #clock: Clock;
  readonly #watch: ChangeWatch;
  readonly #statements;
  readonly #operations;

  constructor(database: SqliteDatabase, namespace: number, clock: Clock, watch: ChangeWatch) {
    this.#database = database;
    this.#namespace = namespace;
    this.#clock = clock;
    this.#watch = watch;
    this.#statements = database.prepare(locksSql);
    this.#operations = database.prepare(operationsSql);
  }

  acquire({ name, owner, token, ttlMs }: LockRequest): LockResult {
    const { nextFence, take } = this.#statements;
    return this.#database.write('stores', () => {
      if (this.#released(name, token) !== undefined) return { kind: 'released' };
      const now = this.#clock.now();
      const held = this.#find(name, now);
      const isOwn = held?.token === token;
      if (held !== undefined && !isOwn && held.owner !== owner) {
        return { kind: 'held', owner: held.owner, remainingMs: held.expiresAt - now };
      }
      const next = { namespace: this.#namespace, microseconds: Math.floor(now * 1_000) };
      const fence = isOwn ? held.fence : (nextFence.get(next)?.['fence'] as number);
      const row = { owner: wireBytes(owner), token: wireBytes(token), fence, expiresAt: now + ttlMs };
      take.run({ ...this.#where(name), ...row });
      return { kind: 'acquired', fence };
    });
  }

  extend(name: string, token: string, ttlMs: number): boolean {
    return this.#database.write('stores', () => {
      const now = this.#clock.now();
      const where = { ...this.#where(name), token: wireBytes(token), now };
      return this.#statements.extend.get({ ...where, expiresAt: now + ttlMs }) !== undefined;
    });
  }

  release(name: string, token: string): boolean {
    const isReleased = this.#database.write('stores', () => {
      const before = this.#released(name, token);
      if (before !== undefined) return before;
      const now = this.#clock.now();
      const where = { ...this.#where(name), token: wireBytes(token), now };
      const isHeld = this.#statements.release.get(where) !== undefined;
      this.#operations.add.run({ ...this.#releaseOf(name, token), answer: String(isHeld), now });
      return isHeld;
    });
    this.#watch.changed();
    return isReleased;
  }

  inspect(name: string): LockHolder | undefined {
    const now = this.#clock.now();
    const held = this.#database.read(() => this.#find(name, now));
    return held && { owner: held.owner, fence: held.fence, remainingMs: held.expiresAt - now };
  }

  wait(name: string, signal: AbortSignal): Promise<void> {
    return this.#watch.until(signal, () => this.inspect(name)?.remainingMs ?? 0);
  }

  #find(name: string, now: number): HeldLock | undefined {
    const row = this.#statements.find.get({ ...this.#where(name), now }) as unknown as LockRow | undefined;
    return row && { ...row, owner: textOf(row.owner), token: textOf(row.token) };
  }

  /** Returns what a release has answered, if there was one. */
  #released(name: string, token: string): boolean | undefined {
    const answer = this.#operations.find.get(this.#releaseOf(name, token))?.['answer'];
    return answer === undefined ? undefined : answer === 'true';
  }

  #releaseOf(name: string, token: string) {
    const subject = Buffer.concat([Buffer.from('release\n'), wireBytes(name)]);
    return { namespace: this.#namespace, subject, id: wireBytes(token) };
  }

  #where(name: string): { readonly namespace: number; readonly name: Buffer } {
    return { namespace: this.#namespace, name: wireBytes(name) };
  }
}

interface LockRow {
  readonly owner: Uint8Array;
  readonly token: Uint8Array;
  readonly fence: number;
  readonly expiresAt: number;
}

interface HeldLock {
  readonly owner: string;
  readonly token: string;
  readonly fence: number;
  readonly expiresAt: number;
}
