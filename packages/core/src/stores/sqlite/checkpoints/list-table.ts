import type { StatementSync } from 'node:sqlite';
import type { ListDraft, ListPiece } from '../../../store/checkpoint-list.ts';
import type { SqliteDatabase } from '../sqlite-database.ts';
import { blob } from './blob.ts';
import { listsSql } from './statements/lists.generated.ts';

/** Stands for the empty list, which has no row. */
const EMPTY = 0;

/** Holds the lists of threads, as trees of their beginnings. Everything here runs in a transaction of the caller. */
export class ListTable {
  readonly #statements: Readonly<Record<keyof typeof listsSql, StatementSync>>;

  constructor(database: SqliteDatabase) {
    this.#statements = database.prepare(listsSql);
  }

  /** Returns the id of a list; undefined where the thread does not hold it. */
  find(thread: number | undefined, digest: string | undefined): number | undefined {
    if (digest === undefined) return EMPTY;
    if (thread === undefined) return undefined;
    return this.#statements.find.get({ thread, digest })?.['id'] as number | undefined;
  }

  /** Adds the pieces that are not there yet, and returns the id of the list; what it goes on from has to be there. */
  add(thread: number, { after, pieces }: ListDraft): number {
    let base = this.find(thread, after) as number;
    for (const { digest, value } of pieces) {
      const { changes, lastInsertRowid } = this.#statements.add.run({ thread, digest, base, value: blob(value) });
      base = changes === 0 ? (this.find(thread, digest) as number) : Number(lastInsertRowid);
    }
    return base;
  }

  /** Returns a function that reads lists. What several of them share it reads once, if the longest comes first. */
  reader(): (list: number) => ListPiece[] {
    const known = new Map<number, PieceRow>();
    return (list) => {
      const pieces: ListPiece[] = [];
      for (let id = list; id !== EMPTY;) {
        if (!known.has(id)) {
          const rows = this.#statements.chain.all({ list: id }) as unknown as readonly PieceRow[];
          for (const row of rows) known.set(row.id, row);
        }
        const { base, digest, value } = known.get(id) as PieceRow;
        pieces.push({ digest, value });
        id = base;
      }
      return pieces.reverse();
    };
  }

  /** Deletes the pieces of a thread that nobody refers to. */
  sweep(thread: number): void {
    this.#statements.sweep.run({ thread });
  }

  /** Puts all lists of a thread into one that holds none, and returns a function that finds the copy of a list there. */
  copy(thread: number, target: number): (list: number) => number {
    this.#statements.copy.run({ thread, target });
    this.#statements.rebase.run({ target });
    return (list) => (list === EMPTY ? EMPTY : (this.#statements.twin.get({ list, target })?.['id'] as number));
  }
}

interface PieceRow {
  readonly id: number;
  readonly base: number;
  readonly digest: string;
  readonly value: Uint8Array;
}
