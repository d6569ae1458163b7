import type { ResourcePath } from '../resource/resource-path.ts';

/** Is what made entries invalid. */
export interface InvalidationCause {
  /** Names the tool that wrote, or is "invalidate". */
  readonly by: string;
  readonly resources: readonly ResourcePath[];
}

/** Remembers what invalidated a tag last, so that a miss can say who caused it. Bounded; forgetting costs an explanation. */
export class InvalidationJournal {
  readonly #causes = new Map<string, InvalidationCause>();
  readonly #maxTags: number;

  constructor(maxTags: number = 10_000) {
    this.#maxTags = maxTags;
  }

  record(tags: readonly string[], cause: InvalidationCause): void {
    for (const tag of tags) {
      this.#causes.delete(tag);
      this.#causes.set(tag, cause);
    }
    while (this.#causes.size > this.#maxTags) this.#causes.delete(this.#causes.keys().next().value as string);
  }

  /** Returns what invalidated a tag last, where this process knows it. */
  causeOf(tag: string | undefined): InvalidationCause | undefined {
    return tag === undefined ? undefined : this.#causes.get(tag);
  }
}
