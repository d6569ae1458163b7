import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, it } from 'vitest';

import { bindStoreConformance } from '../../testing/bind-store-conformance.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { sqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'keepstep-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let clock = manualClock();
let path = '';
let files = 0;
const LEASE_MS = 30_000;

bindStoreConformance(
  { describe, it },
  {
    name: 'sqlite',
    create() {
      clock = manualClock(1_700_000_000_000);
      path = join(folder, `${(files += 1)}.db`);
      // As long as any load may last: the conformance cases let time pass for the holder of a lease, too.
      const options = { path, clock, lease: LEASE_MS, maxLoad: LEASE_MS };
      return { a: sqliteStore(options), b: sqliteStore(options) };
    },
    destroy() {
      for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true });
    },
    advance: (ms) => clock.advance(ms),
    capabilities: ['peek', 'stats', 'exact-time', 'lease-expiry', 'shared', 'foreign', 'state', 'checkpoints'],
    leaseMs: LEASE_MS,
    foreign() {
      const table = (run: (connection: DatabaseSync) => unknown): boolean => {
        const connection = new DatabaseSync(path);
        try {
          return run(connection) !== undefined;
        } finally {
          connection.close();
        }
      };
      return {
        async write() {
          table((connection) => connection.exec(`CREATE TABLE cart (key TEXT); INSERT INTO cart VALUES ('kept')`));
        },
        intact: async () => table((connection) => connection.prepare(`SELECT 1 FROM cart WHERE key = 'kept'`).get()),
      };
    },
  },
);
