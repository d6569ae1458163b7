import type { Clock } from '../../clock.ts';
import type {
  AppliedChange,
  ApplyResult,
  DocumentChange,
  DocumentStore,
  RefusalReason,
  StoredDocument,
} from '../../store/document-store.ts';
import type { KeyPage, KeyPageRequest } from '../../store/key-page.ts';
import { changedDocument } from './changed-document.ts';
import { OperationMemory } from './operation-memory.ts';
import { SortedKeys } from './sorted-keys.ts';

const FENCE_MEMORY_MS = 86_400_000;

/** Holds the documents of one space in memory. Every method is synchronous, so it is one step. */
export class MemoryDocuments implements DocumentStore {
  readonly #clock: Clock;
  readonly #onExpiring: () => void;
  readonly #documents = new Map<string, StoredDocument>();
  readonly #keys = new SortedKeys();
  /** Holds the highest fence of each key, and when it last mattered. */
  readonly #fences = new Map<string, { fence: number; seenAt: number }>();
  readonly #applied: OperationMemory<ApplyResult>;
  readonly #cleared: OperationMemory<number>;
  #version = 0;

  /** @param onExpiring is called when there is something whose time will be over */
  constructor(clock: Clock, onExpiring: () => void) {
    this.#clock = clock;
    this.#onExpiring = onExpiring;
    this.#applied = new OperationMemory(clock);
    this.#cleared = new OperationMemory(clock);
  }

  read(keys: readonly string[]): readonly (StoredDocument | undefined)[] {
    return keys.map((key) => this.#find(key));
  }

  apply(operation: string, changes: readonly DocumentChange[]): ApplyResult {
    return this.#applied.once(operation, () => this.#apply(changes));
  }

  keys(request: KeyPageRequest): KeyPage {
    const gone: string[] = [];
    const page = this.#keys.page(request, (key) => {
      const isThere = !this.#isOver(this.#documents.get(key) as StoredDocument);
      if (!isThere) gone.push(key);
      return isThere;
    });
    for (const key of gone) this.#remove(key);
    return page;
  }

  clear(operation: string): number {
    return this.#cleared.once(operation, () => {
      this.removeExpired();
      const count = this.#documents.size;
      for (const key of this.#documents.keys()) this.#remove(key);
      return count;
    });
  }

  /** Tells whether there is a document. */
  holdsAny(): boolean {
    for (const document of this.#documents.values()) if (!this.#isOver(document)) return true;
    return false;
  }

  /** Lets go of documents whose time is over, and of fences that nobody needs; tells whether more of it will come. */
  removeExpired(): boolean {
    let isExpiring = false;
    for (const [key, document] of this.#documents) {
      if (this.#isOver(document)) this.#remove(key);
      else if (document.expiresAt !== undefined) isExpiring = true;
    }
    const limit = this.#clock.now() - FENCE_MEMORY_MS;
    for (const [key, { seenAt }] of this.#fences) {
      if (seenAt < limit && !this.#documents.has(key)) this.#fences.delete(key);
    }
    return isExpiring || this.#fences.size > 0;
  }

  #apply(changes: readonly DocumentChange[]): ApplyResult {
    const now = this.#clock.now();
    const planned: { key: string; next: StoredDocument | undefined; fence: number; answer: AppliedChange }[] = [];
    let version = this.#version;
    for (const change of changes) {
      const { key, expectedVersion, fence = 0 } = change;
      const found = this.#find(key);
      const seen = this.#fences.get(key)?.fence ?? 0;
      const refuse = (reason: RefusalReason): ApplyResult => ({
        kind: 'refused',
        key,
        reason,
        version: found?.version ?? 0,
        fence: seen,
      });
      if (fence !== 0 && fence < seen) return refuse('fence');
      if (expectedVersion !== undefined && expectedVersion !== (found?.version ?? 0)) return refuse('version');
      const changed = changedDocument(change, found, version + 1, now);
      if (typeof changed === 'string') return refuse(changed);
      const { next, amount } = changed;
      if (next !== undefined) version = Math.max(version, next.version);
      const answer = { version: next?.version ?? 0, existed: found !== undefined, amount };
      planned.push({ key, next, fence: Math.max(fence, seen), answer });
    }
    this.#version = version;
    for (const { key, next, fence } of planned) {
      if (fence > 0) this.#fences.set(key, { fence, seenAt: now });
      if (next === undefined) this.#remove(key);
      else this.#store(key, next);
      if (fence > 0 || next?.expiresAt !== undefined) this.#onExpiring();
    }
    return { kind: 'applied', changes: planned.map(({ answer }) => answer) };
  }

  #find(key: string): StoredDocument | undefined {
    const document = this.#documents.get(key);
    if (document === undefined || !this.#isOver(document)) return document;
    this.#remove(key);
    return undefined;
  }

  #store(key: string, document: StoredDocument): void {
    if (!this.#documents.has(key)) this.#keys.add(key);
    this.#documents.set(key, document);
  }

  #remove(key: string): void {
    if (!this.#documents.delete(key)) return;
    this.#keys.delete(key);
    const remembered = this.#fences.get(key);
    if (remembered !== undefined) remembered.seenAt = this.#clock.now();
  }

  #isOver({ expiresAt }: StoredDocument): boolean {
    return expiresAt !== undefined && expiresAt <= this.#clock.now();
  }
}
