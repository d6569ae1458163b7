import type { Clock } from '../../../clock.ts';
import { wireBytes } from '../../../codec/wire-text.ts';
import type {
  AppliedChange,
  ApplyResult,
  DocumentChange,
  DocumentStore,
  StoredDocument,
} from '../../../store/document-store.ts';
import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import type { ChangeWatch } from './change-watch.ts';
import type { DocumentTable } from './document-table.ts';
import type { OperationTable } from './operation-table.ts';
import { planChange } from './planned-change.ts';
import type { SpaceTable } from './space-table.ts';

/** Is what all spaces of a namespace share. */
export interface DocumentParts {
  readonly database: SqliteDatabase;
  readonly clock: Clock;
  readonly watch: ChangeWatch;
  readonly operations: OperationTable;
  readonly spaces: SpaceTable;
  readonly documents: DocumentTable;
}

/** Holds the documents of one space in a SQLite file. */
export class SqliteDocuments implements DocumentStore {
  readonly #parts: DocumentParts;
  readonly #name: string;
  readonly #bytes: Buffer;

  constructor(parts: DocumentParts, name: string) {
    this.#parts = parts;
    this.#name = name;
    this.#bytes = wireBytes(name);
  }

  read(keys: readonly string[]): readonly (StoredDocument | undefined)[] {
    const { database, documents, clock } = this.#parts;
    const readAll = () => keys.map((key) => documents.read(this.#bytes, key, clock.now()));
    return keys.length > 1 ? database.snapshot(readAll) : database.read(readAll);
  }

  apply(operation: string, changes: readonly DocumentChange[]): ApplyResult {
    return this.#parts.operations.once(
      { method: 'apply', name: this.#name },
      operation,
      (now) => this.#apply(changes, now),
      ({ kind }) => kind === 'refused',
    );
  }

  keys(request: KeyPageRequest): KeyPage {
    const { database, documents, clock } = this.#parts;
    return database.read(() => documents.page(this.#bytes, request, clock.now()));
  }

  clear(operation: string): number {
    const { operations, spaces, documents } = this.#parts;
    return operations.once({ method: 'clear', name: this.#name }, operation, (now) =>
      documents.clear(spaces.open(this.#bytes).id, now),
    );
  }

  /** Looks at all changes before it makes the first one: a refused call leaves nothing behind. */
  #apply(changes: readonly DocumentChange[], now: number): ApplyResult {
    const { spaces, documents } = this.#parts;
    const { id: space, version: before } = spaces.open(this.#bytes);
    const answers: AppliedChange[] = [];
    const steps: (() => void)[] = [];
    let version = before;
    for (const change of changes) {
      const { expectedVersion, fence = 0 } = change;
      const key = wireBytes(change.key);
      const found = documents.find(space, key, now);
      const current = found?.version ?? 0;
      const seen = documents.fence(space, key);
      const refused = { kind: 'refused', key: change.key, version: current, fence: seen } as const;
      if (fence !== 0 && fence < seen) return { ...refused, reason: 'fence' };
      if (expectedVersion !== undefined && expectedVersion !== current) return { ...refused, reason: 'version' };
      const planned = planChange(change, found);
      if (typeof planned === 'string') return { ...refused, reason: planned };
      if (planned.kind === 'write') version += 1;
      const own = planned.kind === 'write' ? version : planned.kind === 'touch' ? current : 0;
      const amount = planned.kind === 'write' ? planned.amount : 0;
      answers.push({ version: own, existed: found !== undefined, amount });
      steps.push(() => {
        documents.carryOut(space, key, found, planned, own, now);
        if (fence > 0) documents.setFence(space, key, Math.max(fence, seen), now);
      });
    }
    for (const step of steps) step();
    if (version !== before) spaces.setVersion(space, version);
    return { kind: 'applied', changes: answers };
  }
}
