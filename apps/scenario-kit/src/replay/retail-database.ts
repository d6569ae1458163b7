import type { ResourcePath } from '@keepstep/core';

import type { RetailCall } from './retail-sessions.ts';

/** Is what a tool returns here: not the record itself but which version of each entity it shows. */
export type Versions = Readonly<Record<string, number>>;

/** Reports a call that failed when it was recorded. */
export class RetailToolError extends Error {
  override readonly name = 'RetailToolError';
}

/**
 * Is the database that all sessions share, reduced to what decides about staleness: one version counter per entity.
 *
 * A result is stale exactly when an entity it shows has a higher version now.
 */
export class RetailDatabase {
  readonly #versions = new Map<string, number>();
  readonly #acknowledged = new Map<string, number>();

  /** Returns what a read sees now. */
  read({ reads }: RetailCall): Versions {
    return this.#versionsIn(this.#versions, reads);
  }

  /** Changes what the recorded write changed. */
  write({ writes }: RetailCall): void {
    for (const path of writes) this.#versions.set(keyOf(path), (this.#versions.get(keyOf(path)) ?? 0) + 1);
  }

  /** Notes that the call of a write has resolved: from now on, nobody may see what was there before. */
  acknowledge({ writes }: RetailCall): void {
    for (const path of writes) this.#acknowledged.set(keyOf(path), this.#versions.get(keyOf(path)) ?? 0);
  }

  /** Returns the oldest versions that a read starting now may see. */
  oldestAllowed({ reads }: RetailCall): Versions {
    return this.#versionsIn(this.#acknowledged, reads);
  }

  #versionsIn(versions: ReadonlyMap<string, number>, paths: readonly ResourcePath[]): Versions {
    return Object.fromEntries(paths.map((path) => [keyOf(path), versions.get(keyOf(path)) ?? 0]));
  }
}

/** Tells whether what a read got is older than what it may see. */
export function isStale(seen: Versions, allowed: Versions): boolean {
  return Object.entries(allowed).some(([entity, version]) => (seen[entity] ?? -1) < version);
}

function keyOf(path: ResourcePath): string {
  return JSON.stringify(path);
}
