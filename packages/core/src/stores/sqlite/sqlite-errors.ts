import { KeepstepError } from '../../errors.ts';

/** Reports a file that cannot be opened at all. */
export function unreachableFile(path: string, problem: string, cause?: unknown): KeepstepError {
  return new KeepstepError('store_unreachable', `Cannot open the store ${JSON.stringify(path)}: ${problem}.`, {
    cause,
  });
}

/** Reports a file that is whole and not for this release: of another program, or of a later release. */
export function mismatchedFile(path: string, problem: string): KeepstepError {
  return new KeepstepError(
    'store_mismatch',
    `Cannot use the store ${JSON.stringify(path)}: ${problem}. The file is left as it is.`,
  );
}

/** Reports a damaged file. */
export function corruptFile(path: string, problem: string, cause?: unknown): KeepstepError {
  return new KeepstepError(
    'store_corrupt',
    `The store ${JSON.stringify(path)} is damaged: ${problem}. The file is left as it is; it holds a cache, so you may delete it.`,
    { cause },
  );
}

/** Reports a store that is used after it was closed. */
export function closedStore(path: string): KeepstepError {
  return new KeepstepError('store_closed', `The store ${JSON.stringify(path)} is closed.`);
}
