import { wireBytes } from '../../../codec/wire-text.ts';
import type { DocumentChange, DocumentContent, RefusalReason } from '../../../store/document-store.ts';

/** Is what a change has to know of the document that is there. */
export interface FoundDocument {
  readonly id: number;
  readonly form: DocumentContent['form'];
  readonly number: number | null;
  readonly items: number;
  readonly bytes: number;
  readonly version: number;
}

/** Is the content of a document as it stands in its row; the items of a list stand elsewhere. */
interface ContentRow {
  readonly form: DocumentContent['form'];
  readonly text: Buffer | null;
  readonly number: number | null;
  readonly items: number;
  readonly bytes: number;
}

/** Is what a change comes to. */
export type PlannedChange =
  | { readonly kind: 'remove' }
  | { readonly kind: 'touch'; readonly ttlMs: number }
  | {
      readonly kind: 'write';
      readonly content: ContentRow;
      /** Are items that are added to a list. */
      readonly added: Buffer | undefined;
      /** Tells whether items that are there stay. */
      readonly extends: boolean;
      /** Says what metadata and expiry become; undefined keeps them, if there is a document. */
      readonly described: Description | undefined;
      /** Is what they are if there is no document. */
      readonly initial: Description;
      readonly amount: number;
    };

/** Is what stands beside the content of a document. */
interface Description {
  readonly metadata: string | undefined;
  readonly ttlMs: number | undefined;
}

/** Works out what a change makes of a document, or what stands in its way. */
export function planChange(change: DocumentChange, found: FoundDocument | undefined): PlannedChange | RefusalReason {
  switch (change.kind) {
    case 'set': {
      const { content, metadata, ttlMs, keep = false } = change;
      const described = { metadata, ttlMs };
      const row = contentRow(content);
      const added = content.form === 'list' && content.items.length > 0 ? listBytes(content.items) : undefined;
      const shared = { kind: 'write', content: row, added, extends: false, initial: described, amount: 0 } as const;
      return { ...shared, described: keep ? undefined : described };
    }
    case 'delete':
      return { kind: 'remove' };
    case 'touch':
      return { kind: 'touch', ttlMs: change.ttlMs };
    case 'increment': {
      if (found !== undefined && found.form !== 'number') return 'not-a-number';
      // Adding 0 makes -0 a 0, which is what a document may hold.
      const number = (found?.number ?? 0) + change.by + 0;
      if (!(Math.abs(number) <= Number.MAX_SAFE_INTEGER)) return 'overflow';
      return adding(contentRow({ form: 'number', number }), undefined, change.ttlMs, number);
    }
    case 'append': {
      if (found !== undefined && found.form !== 'list') return 'not-a-list';
      const added = listBytes(change.items);
      const bytes = (found?.bytes ?? 0) + added.length;
      if (bytes > change.maxBytes) return 'too-large';
      const items = (found?.items ?? 0) + change.items.length;
      const content = { form: 'list', text: null, number: null, items, bytes } as const;
      return adding(content, added.length > 0 ? added : undefined, change.ttlMs, items);
    }
    default:
      return change satisfies never;
  }
}

function adding(
  content: ContentRow,
  added: Buffer | undefined,
  ttlMs: number | undefined,
  amount: number,
): PlannedChange {
  const initial = { metadata: undefined, ttlMs };
  return { kind: 'write', content, added, extends: true, described: undefined, initial, amount };
}

function contentRow(content: DocumentContent): ContentRow {
  const { form } = content;
  const nothing = { form, text: null, number: null, items: 0, bytes: 0 };
  if (form === 'value') return { ...nothing, text: wireBytes(content.text) };
  if (form === 'number') return { ...nothing, number: content.number };
  return { ...nothing, items: content.items.length, bytes: listBytes(content.items).length };
}

function listBytes(items: readonly string[]): Buffer {
  return wireBytes(items.map((item) => `${item}\n`).join(''));
}
