import type { AppliedChange, DocumentChange, DocumentContent, RefusalReason } from '../store/document-store.ts';

/** Is what the model knows about a document. */
export interface ModelDocument {
  readonly content: DocumentContent;
  readonly metadata: string | undefined;
  readonly version: number;
  readonly expiresAt: number | undefined;
}

/** Is what becomes of changes, as the contract of documents says it; the versions are the store's own. */
export type ModelOutcome =
  | { readonly kind: 'applied'; readonly changes: readonly Omit<AppliedChange, 'version'>[] }
  | { readonly kind: 'refused'; readonly key: string; readonly reason: RefusalReason };

/** Does what a document store does, in the plainest way: no operation ids, no sweeping, no order of keys. */
export class DocumentModel {
  readonly #documents = new Map<string, ModelDocument>();
  readonly #fences = new Map<string, number>();
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const [key, { expiresAt = Infinity }] of this.#documents) {
      if (expiresAt <= this.#now) this.#documents.delete(key);
    }
  }

  keys(): readonly string[] {
    return [...this.#documents.keys()].toSorted();
  }

  get(key: string): ModelDocument | undefined {
    return this.#documents.get(key);
  }

  clear(): number {
    const count = this.#documents.size;
    this.#documents.clear();
    return count;
  }

  /** Says what becomes of changes, without carrying them out. */
  expect(changes: readonly DocumentChange[]): ModelOutcome {
    const answers: Omit<AppliedChange, 'version'>[] = [];
    for (const change of changes) {
      const reason = this.#obstacle(change);
      if (reason !== undefined) return { kind: 'refused', key: change.key, reason };
      const content = this.#contentAfter(change);
      let amount = 0;
      if (change.kind === 'increment' && content.form === 'number') amount = content.number;
      if (change.kind === 'append' && content.form === 'list') amount = content.items.length;
      answers.push({ existed: this.#documents.has(change.key), amount });
    }
    return { kind: 'applied', changes: answers };
  }

  /** Carries changes out that were applied, with the versions that the store has given. */
  apply(changes: readonly DocumentChange[], versions: readonly number[]): void {
    for (const [index, change] of changes.entries()) {
      const { key, kind, fence = 0 } = change;
      const found = this.#documents.get(key);
      if (fence > (this.#fences.get(key) ?? 0)) this.#fences.set(key, fence);
      if (kind === 'delete') this.#documents.delete(key);
      else if (kind !== 'touch' || found !== undefined) {
        const keeps =
          found !== undefined && (kind === 'increment' || kind === 'append' || (kind === 'set' && change.keep));
        const metadata = kind === 'set' && keeps !== true ? change.metadata : found?.metadata;
        const expiresAt = change.ttlMs === undefined ? undefined : this.#now + change.ttlMs;
        this.#documents.set(key, {
          content: this.#contentAfter(change),
          metadata,
          version: versions[index] as number,
          expiresAt: keeps === true ? found?.expiresAt : expiresAt,
        });
      }
    }
  }

  #obstacle(change: DocumentChange): RefusalReason | undefined {
    const { key, kind, fence, expectedVersion } = change;
    const found = this.#documents.get(key);
    if (fence !== undefined && fence < (this.#fences.get(key) ?? 0)) return 'fence';
    if (expectedVersion !== undefined && expectedVersion !== (found?.version ?? 0)) return 'version';
    if (kind === 'increment') {
      if (found !== undefined && found.content.form !== 'number') return 'not-a-number';
      const { content } = { content: this.#contentAfter(change) };
      if (content.form === 'number' && Math.abs(content.number) > Number.MAX_SAFE_INTEGER) return 'overflow';
    }
    if (kind === 'append') {
      if (found !== undefined && found.content.form !== 'list') return 'not-a-list';
      const content = this.#contentAfter(change);
      const text = content.form === 'list' ? content.items.map((item) => `${item}\n`).join('') : '';
      if (Buffer.byteLength(text) > change.maxBytes) return 'too-large';
    }
    return undefined;
  }

  #contentAfter(change: DocumentChange): DocumentContent {
    const content = this.#documents.get(change.key)?.content ?? { form: 'value', text: '' };
    if (change.kind === 'set') return change.content;
    if (change.kind === 'increment') {
      return { form: 'number', number: (content.form === 'number' ? content.number : 0) + change.by };
    }
    if (change.kind === 'append') {
      return { form: 'list', items: [...(content.form === 'list' ? content.items : []), ...change.items] };
    }
    return content;
  }
}
