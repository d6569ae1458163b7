import type { StoredDocument } from '../store/document-store.ts';
import { valueOf } from './value-text.ts';

/** Is a value with what is known about it. Reading it changes nothing. */
export interface DataEntry<Value = unknown> extends DataFacts {
  readonly value: Value;
}

/** Is what is known about a value. */
export interface DataFacts {
  /** Goes up with every change, and never comes again for the key. */
  readonly version: number;
  readonly metadata: unknown;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Is when its time is over; undefined for a value that stays. */
  readonly expiresAt: Date | undefined;
}

/** Tells what is known about a document, apart from its value. */
export function factsOf(
  { version, metadata, createdAt, updatedAt, expiresAt }: StoredDocument,
  key: string,
): DataFacts {
  return {
    version,
    metadata: metadata === undefined ? undefined : valueOf(metadata, `the metadata of ${key}`),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
  };
}
