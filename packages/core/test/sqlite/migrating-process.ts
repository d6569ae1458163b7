import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../src/stores/sqlite/migrate.ts';
import { givenOptions, serveRequests } from './serve-requests.ts';

// Changes the layout of a file, and never gets to the end of it.
const { path, migrations } = givenOptions() as { path: string; migrations: string[] };

serveRequests({
  migrate() {
    const connection = new DatabaseSync(path);
    // What is changed goes to the file before the transaction ends, as in a file that is larger than memory.
    connection.exec('PRAGMA cache_size = 10');
    migrate(connection, path, migrations);
  },
});
