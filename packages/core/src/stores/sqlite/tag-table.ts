import type { SqliteDatabase } from './sqlite-database.ts';
import { namespacesSql } from './statements/namespaces.generated.ts';
import { tagsSql } from './statements/tags.generated.ts';

interface ClockState {
  readonly seq: number;
  readonly floor: number;
  readonly tags: number;
}

/** Is the number of a session's row; null for what belongs to no session. */
export type SessionRow = number | null;

/**
 * Is the tag clock (see `freshness/tag-clock.ts`) of a namespace, in tables. What changes it has to be called within a
 * transaction; lists of tags are JSON arrays.
 */
export class TagTable {
  readonly #namespace: number;
  readonly #maxTags: number;
  readonly #namespaces;
  readonly #tags;

  constructor(database: SqliteDatabase, namespace: number, maxTags: number) {
    this.#namespace = namespace;
    this.#maxTags = maxTags;
    this.#namespaces = database.prepare(namespacesSql);
    this.#tags = database.prepare(tagsSql);
  }

  /** Counts everything that can end the validity of an entry. */
  changes(): number {
    return this.#namespaces.changes.get({ namespace: this.#namespace })?.['changes'] as number;
  }

  /** Counts a change that is no invalidation: an entry that was deleted or replaced. Returns the count. */
  change(): number {
    return this.#namespaces.change.get({ namespace: this.#namespace })?.['changes'] as number;
  }

  /** Returns the stamp of a load that starts now, after barriers whose writers have died have become invalidations. */
  stamp(now: number): number {
    this.expireBarriers(now);
    return this.#state().seq;
  }

  /** Names the tag that killed what was loaded under `stamp`; empty where the floor did, undefined while it is valid. */
  killer(stamp: number, tags: string): string | undefined {
    const { tag } = this.#tags.killer.get({ namespace: this.#namespace, stamp, tags }) as {
      readonly tag: string | null;
    };
    return tag ?? undefined;
  }

  invalidate(tags: string, session: SessionRow, now: number): void {
    this.#tags.invalidate.run({ namespace: this.#namespace, seq: this.#tick(), tags, session });
    this.#prune(now);
  }

  /** Opens a barrier, or extends it. */
  open(tags: string, session: SessionRow, holder: string, deadline: number, now: number): void {
    const namespace = this.#namespace;
    const seq = this.#tick();
    this.#tags.invalidate.run({ namespace, seq, tags, session });
    this.#tags.hold.run({ namespace, tags, holder, deadline: Math.ceil(deadline) });
    this.#tags.score.run({ namespace, tags, seq });
    this.#prune(now);
  }

  /** Closes a barrier; counts as an invalidation, whether the barrier still stood or not. */
  close(tags: string, session: SessionRow, holder: string, now: number): void {
    const seq = this.#tick();
    this.#tags.invalidate.run({ namespace: this.#namespace, seq, tags, session });
    this.#tags.letGo.run({ namespace: this.#namespace, tags, holder, now });
    this.#tags.score.run({ namespace: this.#namespace, tags, seq });
    this.#prune(now);
  }

  /** Invalidates everything that was loaded before now, and returns the new floor. */
  clear(): number {
    const floor = this.#tick();
    this.#namespaces.raiseFloor.run({ namespace: this.#namespace, floor });
    return floor;
  }

  /** Turns barriers whose deadline has passed into invalidations. */
  expireBarriers(now: number): void {
    const { found } = this.#tags.hasExpired.get({ namespace: this.#namespace, now }) as { readonly found: 0 | 1 };
    if (found === 0) return;
    this.#tags.forgetExpired.run({ namespace: this.#namespace, now });
    this.#tags.scoreExpired.run({ namespace: this.#namespace, now, seq: this.#tick() });
  }

  #prune(now: number): void {
    const { tags, floor } = this.#state();
    if (tags <= this.#maxTags) return;
    this.expireBarriers(now);
    const limit = tags - this.#maxTags + Math.floor(this.#maxTags / 10);
    const forgotten = this.#tags.prune.all({ namespace: this.#namespace, limit });
    const raised = forgotten.reduce((highest, { seq }) => Math.max(highest, seq as number), floor);
    if (raised > floor) this.#namespaces.raiseFloor.run({ namespace: this.#namespace, floor: raised });
  }

  #tick(): number {
    return this.#namespaces.tick.get({ namespace: this.#namespace })?.['seq'] as number;
  }

  #state(): ClockState {
    return this.#namespaces.clock.get({ namespace: this.#namespace }) as unknown as ClockState;
  }
}
