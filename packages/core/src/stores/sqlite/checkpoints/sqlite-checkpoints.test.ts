import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../../test/scratch-folder.ts';
import { CheckpointClient } from '../../../testing/checkpoint-client.ts';
import { migrate } from '../migrate.ts';
import { openFile } from '../open-file.ts';
import { migration1Sql } from '../schema/migration-1.generated.ts';
import { migration2Sql } from '../schema/migration-2.generated.ts';
import { migration3Sql } from '../schema/migration-3.generated.ts';
import { sqliteStore } from '../sqlite-store.ts';
import { checkpointsSql } from './statements/checkpoints.generated.ts';
import { listsSql } from './statements/lists.generated.ts';

it('reads the checkpoints of a file of the layout before lists came in pieces, and goes on from them', async () => {
  const path = join(scratchFolder(), 'agent.db');
  const old = new DatabaseSync(path);
  migrate(old, path, [migration1Sql, migration2Sql, migration3Sql]);
  old.exec(`
    INSERT INTO namespace (id, name) VALUES (1, '"shop"');
    INSERT INTO thread (id, namespace, name) VALUES (1, 1, CAST('thread' AS BLOB));
    INSERT INTO checkpoint (number, thread, graph, id, parent, record, metadata)
    VALUES (1, 1, x'', CAST('1' AS BLOB), NULL, x'', x'');
    INSERT INTO channel_value (id, thread, value) VALUES (1, 1, CAST('value' AS BLOB));
    INSERT INTO checkpoint_channel (checkpoint, channel, version, value)
    VALUES (1, CAST('one' AS BLOB), CAST('1' AS BLOB), 1)`);
  old.close();
  const store = sqliteStore({ path });
  onTestFinished(() => store.close());
  const client = new CheckpointClient(await store.checkpoints!('shop'));
  expect((await client.read('1')).values).toEqual({ one: 'value' });
  await client.put('2', { parent: '1', shares: { one: '1' }, lists: { list: ['1', ['a']] } });
  expect((await client.read('2')).values).toEqual({ one: 'value', list: ['a'] });
});

it('reads no table from end to end, so that other threads cost nothing', () => {
  const connection = openFile(join(scratchFolder(), 'agent.db'), 1_000);
  onTestFinished(() => connection.close());
  const scans = (text: string): string[] => {
    const parameters = Object.fromEntries([...text.matchAll(/:(\w+)/g)].map(([, parameter]) => [parameter, null]));
    const plan = connection.prepare(`EXPLAIN QUERY PLAN ${text}`).all(parameters) as { detail: string }[];
    return plan.map(({ detail }) => detail).filter((detail) => /^SCAN (?!CONSTANT ROW|chain|used)/.test(detail));
  };
  for (const text of Object.values({ ...checkpointsSql, ...listsSql })) expect([text, scans(text)]).toEqual([text, []]);
  expect(scans('SELECT * FROM list_piece WHERE base = :base')).toHaveLength(1);
});
