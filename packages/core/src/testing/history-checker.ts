/** Is one read: the version of a resource that it returned, and when it was started. */
export type ReadRecord = readonly [resource: string, version: number, startedAt: number];

/** Is one invalidation: the version that the data had by then, and when the invalidation had resolved. */
export type InvalidationRecord = readonly [resource: string, version: number, resolvedAt: number];

/** Holds what happened to versioned resources; the times come from one clock that never goes back. */
export interface History {
  readonly reads: readonly ReadRecord[];
  readonly invalidations: readonly InvalidationRecord[];
}

/** Is a read that returned less than had been promised before it started. */
export interface StaleRead {
  readonly resource: string;
  /** Is the version that the read returned. */
  readonly version: number;
  /** Is the lowest version that it was allowed to return. */
  readonly promised: number;
  readonly startedAt: number;
  /** Is when that version was promised: the invalidation had resolved. */
  readonly promisedAt: number;
}

/**
 * Finds the reads that broke the promise of freshness: started after an invalidation had resolved, and returned a version
 * from before it. A read that was under way while the invalidation ran may return either.
 *
 * Needs nothing but what callers can observe, so the same check serves one process, many processes and any cache. Takes
 * O(n log n).
 *
 * @param maxStaleness is the time for which an older version is allowed, in the unit of the records
 */
export function findStaleReads({ reads, invalidations }: History, maxStaleness = 0): StaleRead[] {
  const promises = promisesByResource(invalidations);
  return reads.flatMap(([resource, version, startedAt]) => {
    const promise = lastBefore(promises.get(resource) ?? [], startedAt - maxStaleness);
    if (promise === undefined || promise.version <= version) return [];
    return [{ resource, version, promised: promise.version, startedAt, promisedAt: promise.since }];
  });
}

/** Is what holds for a resource from a moment on: no read may return less. */
interface Promised {
  readonly from: number;
  readonly version: number;
  /** Is when this version was promised first; later invalidations may promise no more. */
  readonly since: number;
}

function promisesByResource(invalidations: readonly InvalidationRecord[]): Map<string, Promised[]> {
  const byResource = new Map<string, Promised[]>();
  for (const [resource, version, from] of invalidations) {
    const promised = byResource.get(resource) ?? [];
    byResource.set(resource, promised);
    promised.push({ from, version, since: from });
  }
  for (const promised of byResource.values()) {
    promised.sort((one, other) => one.from - other.from);
    // Invalidations may resolve in another order than they were made: the highest version so far is what counts.
    for (let index = 1; index < promised.length; index += 1) {
      const [before, { from, version }] = [promised[index - 1] as Promised, promised[index] as Promised];
      if (before.version >= version) promised[index] = { ...before, from };
    }
  }
  return byResource;
}

function lastBefore(promised: readonly Promised[], moment: number): Promised | undefined {
  let low = 0;
  let high = promised.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((promised[middle] as Promised).from < moment) low = middle + 1;
    else high = middle;
  }
  return promised[low - 1];
}
