import { Document } from '@langchain/core/documents';

import { defineField, fieldsOf } from './instance-fields.ts';
import type { KeptClass } from './kept-class.ts';

/** Is what a new document has, and is not worth keeping. */
const FRESH = { pageContent: '', metadata: undefined, id: undefined };

/** Keeps the documents of LangChain. */
export const documentClass: KeptClass = {
  name: 'Document',
  create: () => new Document({ pageContent: '' }),
  contentOf: (document) => fieldsOf(document, { fresh: FRESH }),
  fill(document, fields): void {
    for (const [key, value] of Object.entries(fields)) defineField(document, key, value);
  },
};

/** Tells whether an object is a document of another copy of LangChain. */
export function isForeignDocument(value: object, constructor: unknown): boolean {
  return (
    typeof constructor === 'function' &&
    constructor.name === documentClass.name &&
    Reflect.ownKeys(value).length === Object.keys(FRESH).length &&
    Object.keys(FRESH).every((key) => Object.hasOwn(value, key))
  );
}
