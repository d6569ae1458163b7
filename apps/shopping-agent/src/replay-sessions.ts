import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  answeredPercent,
  readReferenceFigures,
  readRetailSessions,
  studyLines,
  studyReplays,
  UsageError,
} from '@keepstep/scenario-kit';

/** Is what the command line says about the replay. */
export interface ReplayRequest {
  readonly json: boolean;
  readonly sessions?: string;
  readonly seed?: string;
}

/**
 * Replays recorded sessions instead of playing the story, if the command line asks for it. Tells whether it has.
 *
 * A stale read makes the process fail.
 */
export async function replaySessions({ json, sessions, seed }: ReplayRequest): Promise<boolean> {
  if (sessions === undefined) {
    if (seed !== undefined) throw new UsageError('--seed goes with --sessions.');
    return false;
  }
  const folder = findFolder(sessions);
  const study = await studyReplays(readRetailSessions(folder), {
    seed: parseSeed(seed),
    storeUrl: process.env['KEEPSTEP_STORE'],
    references: readReferenceFigures(folder),
  });
  if (json) {
    const rows = study.rows.map((row) => ({ ...row, answeredPercent: answeredPercent(row) }));
    console.log(JSON.stringify({ sample: 'shopping-agent', replay: { ...study, rows } }));
  } else {
    for (const line of studyLines(study)) console.log(line);
  }
  if (!study.isFresh) process.exitCode = 1;
  return true;
}

/** Finds a folder from where the command was given, or from this package. */
function findFolder(folder: string): string {
  const places = [resolve(folder), join(import.meta.dirname, '..', folder)];
  const found = places.find((place) => existsSync(join(place, 'retail-sessions.jsonl.gz')));
  if (found === undefined) throw new UsageError(`There is no retail-sessions.jsonl.gz in "${folder}".`);
  return found;
}

function parseSeed(seed = '1'): number {
  if (!/^\d{1,9}$/.test(seed)) throw new UsageError(`--seed takes a whole number, not "${seed}".`);
  return Number(seed);
}
