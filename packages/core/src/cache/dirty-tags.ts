import type { Clock } from '../clock.ts';

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 5000;

/** Says why what depends on a dirty tag is not cached. */
export const UNACKNOWLEDGED = 'the store has not acknowledged an invalidation yet';

/**
 * Remembers the tags whose invalidation the store has not acknowledged. Until it has, this process serves nothing that
 * depends on them, and goes on trying.
 */
export class DirtyTags {
  readonly #counts = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Tells whether there is anything to look out for. */
  get any(): boolean {
    return this.#counts.size > 0;
  }

  /** Tells whether one of the tags is dirty. */
  meet(tags: readonly string[]): boolean {
    return this.any && tags.some((tag) => this.#counts.has(tag));
  }

  /** Returns the tags that are dirty now; undefined when there are none. */
  now(): ReadonlySet<string> | undefined {
    return this.any ? new Set(this.#counts.keys()) : undefined;
  }

  /** Marks tags until `retry`, which invalidates them, succeeds. */
  add(tags: readonly string[], retry: () => Promise<void>): void {
    for (const tag of tags) this.#counts.set(tag, (this.#counts.get(tag) ?? 0) + 1);
    const attempt = (delayMs: number): void => {
      this.#clock.after(delayMs, () => {
        retry().then(
          () => this.#clean(tags),
          () => attempt(Math.min(delayMs * 2, LAST_RETRY_MS)),
        );
      });
    };
    attempt(FIRST_RETRY_MS);
  }

  #clean(tags: readonly string[]): void {
    for (const tag of tags) {
      const left = (this.#counts.get(tag) ?? 1) - 1;
      if (left === 0) this.#counts.delete(tag);
      else this.#counts.set(tag, left);
    }
  }
}
