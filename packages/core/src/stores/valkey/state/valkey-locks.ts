import { fromWire, toWire } from '../../../codec/wire-text.ts';
import type { LockHolder, LockRequest, LockResult, LockStore } from '../../../store/lock-store.ts';
import { lockAcquireScript } from './lua/lock-acquire.generated.ts';
import { lockExtendScript } from './lua/lock-extend.generated.ts';
import { lockReleaseScript } from './lua/lock-release.generated.ts';
import type { StateCommands } from './state-commands.ts';
import type { StateKeys } from './state-keys.ts';
import type { WakeUps } from './wake-ups.ts';

/** Holds the locks of one namespace on Valkey. */
export class ValkeyLocks implements LockStore {
  readonly #commands: StateCommands;
  readonly #keys: StateKeys;
  readonly #wakeUps: WakeUps;

  constructor(commands: StateCommands, keys: StateKeys, wakeUps: WakeUps) {
    this.#commands = commands;
    this.#keys = keys;
    this.#wakeUps = wakeUps;
  }

  async acquire({ name, owner, token, ttlMs }: LockRequest): Promise<LockResult> {
    const { lock, fence, release } = this.#keys.lock(name);
    const args = [encodeURIComponent(token), toWire(owner), Math.ceil(ttlMs)];
    const keys = [lock, fence, release(encodeURIComponent(token))];
    const [kind, found, remainingMs] = (await this.#commands.run(lockAcquireScript, keys, args)) as LockReply;
    if (found === undefined) return { kind: 'released' };
    if (String(kind) === 'acquired') return { kind: 'acquired', fence: Number(String(found)) };
    return { kind: 'held', owner: fromWire(found), remainingMs: Math.max(0, remainingMs ?? 0) };
  }

  async extend(name: string, token: string, ttlMs: number): Promise<boolean> {
    const args = [encodeURIComponent(token), Math.max(1, Math.ceil(ttlMs))];
    return (await this.#commands.run(lockExtendScript, [this.#keys.lock(name).lock], args)) === 1;
  }

  async release(name: string, token: string): Promise<boolean> {
    const { lock, release } = this.#keys.lock(name);
    const id = encodeURIComponent(token);
    const args = [id, this.#keys.channel];
    return Number(await this.#commands.run(lockReleaseScript, [lock, release(id)], args)) === 1;
  }

  async inspect(name: string): Promise<LockHolder | undefined> {
    const { text, leftMs } = await this.#commands.timed(this.#keys.lock(name).lock);
    if (text === null || leftMs <= 0) return undefined;
    const [, , fence, owner] = /^(\S+) (\d+) (.*)$/s.exec(fromWire(text)) as unknown as [
      string,
      string,
      string,
      string,
    ];
    return { owner, fence: Number(fence), remainingMs: leftMs };
  }

  wait(name: string, signal: AbortSignal): Promise<void> {
    const { lock } = this.#keys.lock(name);
    return this.#wakeUps.until(lock, signal, async () => (await this.inspect(name)) === undefined);
  }
}

type LockReply = readonly [kind: Buffer, fenceOrOwner?: Buffer, remainingMs?: number];
