import { DatabaseSync } from 'node:sqlite';

/** Is the data behind the tools of several processes: a version for each name, and a count of what was done. */
export class SharedSource {
  readonly #connection: DatabaseSync;
  readonly #read;
  readonly #change;
  readonly #count;

  constructor(path: string) {
    this.#connection = new DatabaseSync(path);
    this.#connection.exec(`
      PRAGMA busy_timeout = 10000;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS source (name TEXT PRIMARY KEY, version INTEGER NOT NULL DEFAULT 1);
    `);
    this.#read = this.#connection.prepare('SELECT version FROM source WHERE name = ?');
    this.#change = this.#connection.prepare(`
      INSERT INTO source (name, version) VALUES (?, 2) ON CONFLICT DO UPDATE SET version = version + 1 RETURNING version
    `);
    this.#count = this.#connection.prepare(`
      INSERT INTO source (name, version) VALUES (?, 1) ON CONFLICT DO UPDATE SET version = version + 1 RETURNING version
    `);
  }

  /** Returns the version of a name; it begins at 1. */
  read(name: string): number {
    return (this.#read.get(name)?.['version'] ?? 1) as number;
  }

  /** Changes what stands behind a name, and returns its new version. */
  change(name: string): number {
    return this.#change.get(name)?.['version'] as number;
  }

  /** Counts that something was done, and returns how often it was by now. */
  count(what: string): number {
    return this.#count.get(`count of ${what}`)?.['version'] as number;
  }

  /** Returns how often something was done. */
  countOf(what: string): number {
    return (this.#read.get(`count of ${what}`)?.['version'] ?? 0) as number;
  }

  close(): void {
    this.#connection.close();
  }
}
