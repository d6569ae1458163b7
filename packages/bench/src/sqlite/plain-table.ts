import Database from 'better-sqlite3';

/** Is the least that a cache in a file could be: a table of texts, and no promise about them. */
export class PlainTable {
  readonly #database;
  readonly #select;
  readonly #replace;

  /** @param synchronous says whether a change waits for the disk, as SQLite calls it */
  constructor(path: string, synchronous: 'NORMAL' | 'FULL') {
    this.#database = new Database(path);
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma(`synchronous = ${synchronous}`);
    this.#database.exec('CREATE TABLE IF NOT EXISTS cache (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
    this.#select = this.#database.prepare<[string], { value: string }>('SELECT value FROM cache WHERE key = ?');
    this.#replace = this.#database.prepare<[string, string]>('REPLACE INTO cache (key, value) VALUES (?, ?)');
  }

  select(key: string): string | undefined {
    return this.#select.get(key)?.value;
  }

  replace(key: string, value: string): void {
    this.#replace.run(key, value);
  }

  close(): void {
    this.#database.close();
  }
}
