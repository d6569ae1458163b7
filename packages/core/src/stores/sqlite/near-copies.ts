import { Sieve, type SieveNode } from '../../near-cache/sieve.ts';
import type { EntryAddress, StoredEntry } from '../../store/entry-store.ts';

/** Is a copy of an entry in this process. */
export interface NearCopy extends SieveNode<NearCopy> {
  readonly key: string;
  readonly opening: string | undefined;
  /** Is the row that it is a copy of. */
  readonly id: number;
  readonly stamp: number;
  readonly expiresAt: number;
  readonly entry: StoredEntry;
  /** Is the count of changes at which the row was last known to be there and valid. */
  validAt: number;
  /** Tells that it was read since that was last noted in the file. */
  isUsed: boolean;
}

/** Is what it takes to make a copy. */
export type NearCopyDraft = Pick<NearCopy, 'id' | 'stamp' | 'expiresAt' | 'entry' | 'validAt'>;

/** Is what a copy takes beside its key and value. */
const COPY_OVERHEAD_BYTES = 256;

/** Holds the copies of one namespace, decoded; whether one may be served is not decided here. */
export class NearCopies {
  readonly #sieve: Sieve<NearCopy>;
  readonly #copies = new Map<string, NearCopy>();

  constructor(maxCopies: number, maxBytes: number) {
    this.#sieve = new Sieve(maxCopies, maxBytes, (copy) => this.#copies.delete(copy.key));
  }

  find({ key, session }: EntryAddress): NearCopy | undefined {
    const copy = this.#copies.get(key);
    return copy?.opening === session?.opening ? copy : undefined;
  }

  keep({ key, session }: EntryAddress, draft: NearCopyDraft): void {
    this.drop(key);
    const bytes = draft.entry.snapshot.bytes + 2 * key.length + COPY_OVERHEAD_BYTES;
    if (!this.#sieve.admits(bytes)) return;
    const links = { visited: false, newer: undefined, older: undefined };
    const copy: NearCopy = { ...draft, ...links, key, opening: session?.opening, bytes, isUsed: true };
    this.#sieve.add(copy);
    this.#copies.set(key, copy);
  }

  drop(key: string): void {
    const copy = this.#copies.get(key);
    if (copy === undefined) return;
    this.#copies.delete(key);
    this.#sieve.remove(copy);
  }

  /** Returns the rows whose copies were read since it was last asked. */
  takeUsed(): number[] {
    const used: number[] = [];
    for (const copy of this.#copies.values()) {
      if (!copy.isUsed) continue;
      copy.isUsed = false;
      used.push(copy.id);
    }
    return used;
  }
}
