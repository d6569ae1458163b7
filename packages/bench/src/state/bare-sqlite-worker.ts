import Database from 'better-sqlite3';
import { setTimeout as sleep } from 'node:timers/promises';

import { EntryWatch } from './entry-watch.ts';
import { nextRecord, RECORD, RUN_STEPS, type StateWorker } from './state-worker.ts';

const TABLES = `
  CREATE TABLE entry (id INTEGER PRIMARY KEY, log TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL) STRICT;
  CREATE TABLE step (run INTEGER NOT NULL, id INTEGER NOT NULL, result TEXT NOT NULL, PRIMARY KEY (run, id)) STRICT;
  CREATE TABLE value (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE lock (name TEXT PRIMARY KEY, owner TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Does the operations with one statement each, in a step two in a transaction, that wait for the disk as those of Keepstep do. */
export function bareSqliteWorker(path: string): StateWorker {
  const [file, reader, locks] = [new Database(path), new Database(path), new Database(path)];
  file.pragma('journal_mode = WAL');
  file.pragma('synchronous = FULL');
  file.exec(TABLES);
  // A power cut ends all holders, so that a lock need not wait for the disk.
  locks.pragma('synchronous = NORMAL');
  const text = JSON.stringify(RECORD);
  const append = file.prepare("INSERT INTO entry (log, type, data) VALUES (?, 'note', ?)");
  const record = file.prepare('INSERT INTO step (run, id, result) VALUES (?, ?, ?)');
  const add = file.prepare(
    "INSERT INTO value VALUES ('count', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value",
  );
  const set = file.prepare('REPLACE INTO value VALUES (?, ?)');
  const get = file.prepare<[string], { value: string }>('SELECT value FROM value WHERE key = ?');
  const take = locks.prepare("INSERT OR IGNORE INTO lock VALUES ('bench', 'owner')");
  const free = locks.prepare("DELETE FROM lock WHERE name = 'bench' AND owner = 'owner'");
  const count = (sql: string): number => file.prepare(sql).pluck().get() as number;
  const step = file.transaction((place: number) => {
    record.run(Math.floor(place / RUN_STEPS), place % RUN_STEPS, JSON.stringify(RECORD));
    append.run('run', text);
  });
  set.run('read', text);
  const stop = new AbortController();
  let steps = 0;
  const watch = new EntryWatch();
  const newer = reader.prepare<[number], { id: number }>("SELECT id FROM entry WHERE log = 'followed' AND id > ?");
  const following = (async () => {
    for (let last = 0; !stop.signal.aborted; await sleep(1)) {
      last = newer.all(last).at(-1)?.id ?? last;
      watch.saw(last);
    }
  })();
  return {
    contender: 'bare statements',
    package: 'better-sqlite3',
    note: 'INSERT, UPDATE, SELECT, DELETE; followed by a SELECT each millisecond',
    operations: {
      step: async () => step((steps += 1) - 1) ?? true,
      append: async () => append.run('log', text),
      follow: () => watch.until(Number(append.run('followed', text).lastInsertRowid)),
      increment: async () => add.get(),
      set: async () => set.run('written', JSON.stringify(nextRecord())),
      get: async () => JSON.parse(get.get('read')?.value as string) as unknown,
      lock: async () => [take.run(), free.run()],
    },
    holds: async () => ({
      increment: count("SELECT value FROM value WHERE key = 'count'"),
      append: count("SELECT count(*) FROM entry WHERE log = 'log'"),
      step: count('SELECT count(*) FROM step'),
    }),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
      file.close();
      reader.close();
      locks.close();
    },
  };
}
