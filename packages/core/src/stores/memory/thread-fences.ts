import type { ThreadChange } from '../../store/checkpoint-store.ts';

/** Is how long the fence of a thread that is gone is remembered. */
const MEMORY_MS = 86_400_000;

/** Remembers the highest fence that each thread was changed under. */
export class ThreadFences {
  readonly #fences = new Map<string, { readonly fence: number; readonly goneAt: number }>();

  /** Says why a change may not be made, or remembers its fence. */
  refusal(thread: string, fence: number | undefined): (ThreadChange & { readonly kind: 'stale' }) | undefined {
    if (fence === undefined) return undefined;
    const seen = this.#fences.get(thread)?.fence ?? 0;
    if (fence < seen) return { kind: 'stale', fence: seen };
    this.#fences.set(thread, { fence, goneAt: Infinity });
    return undefined;
  }

  /** Lets the fence of a thread go a day after it. */
  release(thread: string, now: number): void {
    const known = this.#fences.get(thread);
    if (known !== undefined) this.#fences.set(thread, { fence: known.fence, goneAt: now });
  }

  /** Forgets fences of threads that have been gone for long, and tells whether there are more that will go. */
  forget(now: number): boolean {
    let isForgetting = false;
    for (const [thread, { goneAt }] of this.#fences) {
      if (goneAt + MEMORY_MS <= now) this.#fences.delete(thread);
      else isForgetting ||= goneAt < Infinity;
    }
    return isForgetting;
  }
}
