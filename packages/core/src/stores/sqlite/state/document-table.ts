import { wireBytes } from '../../../codec/wire-text.ts';
import type { DocumentContent, StoredDocument } from '../../../store/document-store.ts';
import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import { keyPage, textOf, type KeyRow } from './key-bounds.ts';
import type { FoundDocument, PlannedChange } from './planned-change.ts';
import { documentsSql } from './statements/documents.generated.ts';

/** Holds the documents of one namespace, and the fences of their keys. */
export class DocumentTable {
  readonly #namespace: number;
  readonly #statements;

  constructor(database: SqliteDatabase, namespace: number) {
    this.#namespace = namespace;
    this.#statements = database.prepare(documentsSql);
  }

  /** Returns the document of a key, as it is at one moment. */
  read(name: Buffer, key: string, now: number): StoredDocument | undefined {
    const where = { namespace: this.#namespace, name, key: wireBytes(key), now };
    return readDocument(this.#statements.read.all(where) as unknown as readonly DocumentRow[]);
  }

  page(name: Buffer, request: KeyPageRequest, now: number): KeyPage {
    const where = { namespace: this.#namespace, name, now };
    return keyPage(
      request,
      (bounds) => this.#statements.page.all({ ...where, ...bounds }) as unknown as readonly KeyRow[],
    );
  }

  /** Returns what is known of the document of a key; one whose time is over is deleted, and not there. */
  find(space: number, key: Buffer, now: number): FoundDocument | undefined {
    const row = this.#statements.find.get({ space, key, now }) as unknown as
      | (FoundDocument & { readonly isOver: 0 | 1 })
      | undefined;
    return row?.isOver === 1 ? undefined : row;
  }

  /** Returns the highest fence that a key has seen, or 0. */
  fence(space: number, key: Buffer): number {
    return (this.#statements.fence.get({ space, key })?.['fence'] as number | undefined) ?? 0;
  }

  setFence(space: number, key: Buffer, fence: number, now: number): void {
    this.#statements.setFence.run({ space, key, fence, now });
  }

  /** Carries out a change that was planned for the document that was found. */
  carryOut(
    space: number,
    key: Buffer,
    found: FoundDocument | undefined,
    planned: PlannedChange,
    version: number,
    now: number,
  ): void {
    const { remove, replace, describe, touch, removeParts, keepFence } = this.#statements;
    if (planned.kind === 'touch') {
      if (found !== undefined) touch.run({ id: found.id, expiresAt: now + planned.ttlMs });
      return;
    }
    if (found === undefined) {
      // A document whose time is over may still stand there.
      const row = this.#statements.find.get({ space, key, now });
      if (row !== undefined) remove.run({ id: row['id'] as number });
      if (planned.kind === 'write') this.#add(space, key, planned, version, now);
      else keepFence.run({ space, key, now });
      return;
    }
    const { id } = found;
    if (planned.kind === 'remove') {
      remove.run({ id });
      keepFence.run({ space, key, now });
      return;
    }
    const { content, described, added } = planned;
    replace.run({ id, ...content, version, now });
    if (described !== undefined) describe.run({ id, ...rowOf(described, now) });
    if (!planned.extends && found.items > 0) removeParts.run({ document: id });
    if (added !== undefined) this.#addItems(id, added);
  }

  /** Deletes all documents of a space, and returns how many were there. */
  clear(space: number, now: number): number {
    const { documents } = this.#statements.count.get({ space, now }) as { documents: number };
    this.#statements.clear.run({ space });
    this.#statements.keepFences.run({ space, now });
    return documents;
  }

  #add(space: number, key: Buffer, planned: PlannedChange & { kind: 'write' }, version: number, now: number): void {
    const { content, initial, added } = planned;
    const row = { space, key, ...content, ...rowOf(initial, now), version, now };
    const id = this.#statements.add.get(row)?.['id'] as number;
    if (added !== undefined) this.#addItems(id, added);
  }

  #addItems(document: number, text: Buffer): void {
    if (this.#statements.growPart.get({ document, text }) === undefined) {
      this.#statements.addPart.run({ document, text });
    }
  }
}

interface DocumentRow {
  readonly form: DocumentContent['form'];
  readonly text: Uint8Array | null;
  readonly number: number | null;
  readonly metadata: Uint8Array | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number | null;
  readonly part: Uint8Array | null;
}

function readDocument(rows: readonly DocumentRow[]): StoredDocument | undefined {
  const [row] = rows;
  if (row === undefined) return undefined;
  const { version, createdAt, updatedAt, expiresAt, metadata } = row;
  return {
    content: readContent(row, rows),
    metadata: metadata === null ? undefined : textOf(metadata),
    version,
    createdAt,
    updatedAt,
    expiresAt: expiresAt ?? undefined,
  };
}

function readContent({ form, text, number }: DocumentRow, rows: readonly DocumentRow[]): DocumentContent {
  if (form === 'value') return { form, text: textOf(text as Uint8Array) };
  if (form === 'number') return { form, number: number as number };
  const items = rows.flatMap(({ part }) => (part === null ? [] : textOf(part).slice(0, -1).split('\n')));
  return { form, items };
}

function rowOf(
  { metadata, ttlMs }: { readonly metadata: string | undefined; readonly ttlMs: number | undefined },
  now: number,
) {
  return {
    metadata: metadata === undefined ? null : wireBytes(metadata),
    expiresAt: ttlMs === undefined ? null : now + ttlMs,
  };
}
