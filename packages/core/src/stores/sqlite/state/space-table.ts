import type { KeyPage, KeyPageRequest } from '../../../store/key-page.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import { keyPage, type KeyRow } from './key-bounds.ts';
import { spacesSql } from './statements/spaces.generated.ts';

/** Holds the spaces of one namespace. */
export class SpaceTable {
  readonly #namespace: number;
  readonly #statements;

  constructor(database: SqliteDatabase, namespace: number) {
    this.#namespace = namespace;
    this.#statements = database.prepare(spacesSql);
  }

  /** Returns the number of a space and its version, and adds it if need be. */
  open(name: Buffer): { readonly id: number; readonly version: number } {
    const where = { namespace: this.#namespace, name };
    const found = this.#statements.find.get(where);
    if (found !== undefined) return found as never;
    return { id: Number(this.#statements.add.run(where).lastInsertRowid), version: 0 };
  }

  setVersion(space: number, version: number): void {
    this.#statements.setVersion.run({ space, version });
  }

  /** Returns a page of the spaces that hold a document. */
  page(request: KeyPageRequest, now: number): KeyPage {
    const where = { namespace: this.#namespace, now };
    return keyPage(
      request,
      (bounds) => this.#statements.page.all({ ...where, ...bounds }) as unknown as readonly KeyRow[],
    );
  }
}
