import { KeepstepError, messageOf, StoreError } from '../../errors.ts';

const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** Reports a file that cannot be opened at all. */
export function unavailableFile(path: string, problem: string, cause?: unknown): StoreError {
  return new StoreError('store_unavailable', `Cannot open the store ${JSON.stringify(path)}: ${problem}.`, { cause });
}

/** Reports a file that is whole and not for this release: of another program, or of a later release. */
export function mismatchedFile(path: string, problem: string): StoreError {
  return new StoreError(
    'store_mismatch',
    `Cannot use the store ${JSON.stringify(path)}: ${problem}. The file is left as it is.`,
  );
}

/** Reports a damaged file. */
export function corruptFile(path: string, problem: string, cause?: unknown): StoreError {
  return new StoreError(
    'store_corrupt',
    `The store ${JSON.stringify(path)} is damaged: ${problem}. The file is left as it is. If it holds no durable state, only a cache, you may delete it.`,
    { cause },
  );
}

/** Reports a store that is used after it was closed. */
export function closedStore(path: string): StoreError {
  return new StoreError('store_unavailable', `The store ${JSON.stringify(path)} is closed.`);
}

/** Tells whether an error of SQLite says that another process holds a lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === BUSY;
}

/** Tells whether an error of SQLite says that the file is damaged. */
export function isCorrupt(error: unknown): boolean {
  return codeOf(error) === CORRUPT || codeOf(error) === NOT_A_DATABASE;
}

/** Says in our own words why an operation on an open file has failed; errors of our own stay as they are. */
export function failedOperation(path: string, error: unknown): unknown {
  if (KeepstepError.isInstance(error)) return error;
  if (isCorrupt(error)) return corruptFile(path, messageOf(error), error);
  const message = `The store ${JSON.stringify(path)} has failed: ${messageOf(error)}.`;
  return new StoreError('store_unavailable', message, { cause: error });
}

/** Returns SQLite's primary code of an error. */
function codeOf(error: unknown): number {
  return ((error as { readonly errcode?: number } | undefined)?.errcode ?? 0) & 0xff;
}
