import type { DocumentChange, DocumentContent, RefusalReason, StoredDocument } from '../../store/document-store.ts';

/** Is what a change makes of a document; without a `next` there is none. */
interface Changed {
  readonly next: StoredDocument | undefined;
  readonly amount: number;
}

/** Remembers how large lists are, so that an append measures what it adds and not what was there. */
const knownBytes = new WeakMap<readonly string[], number>();

function bytesOf(items: readonly string[]): number {
  return knownBytes.get(items) ?? items.reduce((sum, item) => sum + Buffer.byteLength(item) + 1, 0);
}

/**
 * Works out what a change makes of a document, or what stands in its way.
 *
 * @param version is the version that the document gets if it changes
 */
export function changedDocument(
  change: DocumentChange,
  found: StoredDocument | undefined,
  version: number,
  now: number,
): Changed | RefusalReason {
  const written = (content: DocumentContent, metadata: string | undefined, expiresAt: number | undefined) => ({
    content,
    metadata,
    version,
    createdAt: found?.createdAt ?? now,
    updatedAt: now,
    expiresAt,
  });
  const end = (ttlMs: number | undefined): number | undefined => (ttlMs === undefined ? undefined : now + ttlMs);

  switch (change.kind) {
    case 'set': {
      const { content, metadata, ttlMs, keep = false } = change;
      if (keep && found !== undefined) return { next: written(content, found.metadata, found.expiresAt), amount: 0 };
      return { next: written(content, metadata, end(ttlMs)), amount: 0 };
    }
    case 'delete':
      return { next: undefined, amount: 0 };
    case 'touch':
      return { next: found && { ...found, expiresAt: now + change.ttlMs }, amount: 0 };
    case 'increment': {
      const { content } = found ?? { content: { form: 'number', number: 0 } };
      if (content.form !== 'number') return 'not-a-number';
      const number = content.number + change.by;
      if (!(Math.abs(number) <= Number.MAX_SAFE_INTEGER)) return 'overflow';
      const expiresAt = found === undefined ? end(change.ttlMs) : found.expiresAt;
      // Adding never gives -0 but from -0, which no document holds.
      return { next: written({ form: 'number', number: number + 0 }, found?.metadata, expiresAt), amount: number };
    }
    case 'append': {
      const { content } = found ?? { content: { form: 'list', items: [] } };
      if (content.form !== 'list') return 'not-a-list';
      const bytes = bytesOf(content.items) + bytesOf(change.items);
      if (bytes > change.maxBytes) return 'too-large';
      const items = [...content.items, ...change.items];
      knownBytes.set(items, bytes);
      const expiresAt = found === undefined ? end(change.ttlMs) : found.expiresAt;
      return { next: written({ form: 'list', items }, found?.metadata, expiresAt), amount: items.length };
    }
    default:
      return change satisfies never;
  }
}
