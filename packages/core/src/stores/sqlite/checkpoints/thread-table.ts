import type { Clock } from '../../../clock.ts';
import { wireBytes } from '../../../codec/wire-text.ts';
import type { ThreadChange, ThreadSize, ThreadTerms } from '../../../store/checkpoint-store.ts';
import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';
import { keyPage, type KeyRow } from '../state/key-bounds.ts';
import type { CheckpointTable } from './checkpoint-table.ts';

/** Holds the threads of one namespace, their times and their fences. Everything here runs in a transaction of the caller. */
export class ThreadTable {
  readonly #statements: CheckpointTable['statements'];
  readonly #namespace: number;
  readonly #clock: Clock;

  constructor(statements: CheckpointTable['statements'], namespace: number, clock: Clock) {
    this.#statements = statements;
    this.#namespace = namespace;
    this.#clock = clock;
  }

  /** Returns the number of a thread; undefined where there is none, or its time is over. */
  find(thread: string): number | undefined {
    const found = this.#statements.findThread.get({ ...this.#where(thread), now: this.#clock.now() });
    return found?.['id'] as number | undefined;
  }

  page(request: KeyPageRequest): KeyPage {
    const now = this.#clock.now();
    return keyPage(request, (bounds) => {
      return this.#statements.pageThreads.all({
        namespace: this.#namespace,
        now,
        ...bounds,
      }) as unknown as readonly KeyRow[];
    });
  }

  /** Adds a thread, in place of one whose time is over. */
  add(thread: string): number {
    this.remove(thread);
    return Number(this.#statements.addThread.run(this.#where(thread)).lastInsertRowid);
  }

  remove(thread: string): void {
    const where = this.#where(thread);
    if (this.#statements.removeThread.run(where).changes === 0) return;
    this.#statements.keepFence.run({ ...where, now: this.#clock.now() });
  }

  /** Lets a thread stay from now on, if that is asked for. */
  keep(thread: number, { ttlMs }: ThreadTerms): void {
    if (ttlMs !== undefined) this.#statements.keepThread.run({ thread, expiresAt: this.#clock.now() + ttlMs });
  }

  /** Says why a change may not be made, or remembers its fence. */
  refusal(thread: string, { fence }: ThreadTerms): (ThreadChange & { readonly kind: 'stale' }) | undefined {
    if (fence === undefined) return undefined;
    const where = this.#where(thread);
    const seen = (this.#statements.fence.get(where)?.['fence'] as number | undefined) ?? 0;
    if (fence < seen) return { kind: 'stale', fence: seen };
    this.#statements.setFence.run({ ...where, fence, now: this.#clock.now() });
    return undefined;
  }

  size(thread: number): ThreadSize {
    const { count, bytes } = this.#statements.countCheckpoints.get({ thread }) as unknown as CountRow;
    const further = this.#statements.countBytes.get({ thread })?.['bytes'] as number;
    return { checkpoints: count, bytes: bytes + further };
  }

  #where(thread: string): { readonly namespace: number; readonly name: Uint8Array } {
    return { namespace: this.#namespace, name: wireBytes(thread) };
  }
}

interface CountRow {
  readonly count: number;
  readonly bytes: number;
}
