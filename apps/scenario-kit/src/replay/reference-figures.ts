import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Invalidation } from './retail-policies.ts';

/** Is what a perfect cache gets out of recordings whose calls take turns. */
export interface ReferenceFigure {
  readonly invalidation: Invalidation;
  readonly concurrency: number;
  readonly seed: number;
  readonly hits: number;
  readonly stale: number;
}

/** Reads the figures that were computed apart from any cache, where a folder of recordings has some. */
export function readReferenceFigures(folder: string): readonly ReferenceFigure[] {
  const path = join(folder, 'reference-figures.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ReferenceFigure[]) : [];
}

/** Finds the figure for a replay. With one session at a time there is one order only, whatever the seed. */
export function findReference(
  figures: readonly ReferenceFigure[],
  replay: Pick<ReferenceFigure, 'invalidation' | 'concurrency' | 'seed'>,
): ReferenceFigure | undefined {
  return figures.find(
    ({ invalidation, concurrency, seed }) =>
      invalidation === replay.invalidation &&
      concurrency === replay.concurrency &&
      (seed === replay.seed || concurrency === 1),
  );
}
