import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { scratchFolder } from '../../../../test/scratch-folder.ts';
import type { Clock } from '../../../clock.ts';
import { manualClock } from '../../../testing/manual-clock.ts';
import { StateClient } from '../../../testing/state-client.ts';
import { migrate } from '../migrate.ts';
import { migration1Sql } from '../schema/migration-1.generated.ts';
import { sqliteStore } from '../sqlite-store.ts';

let path: string;

beforeEach(() => {
  path = join(scratchFolder(), 'agent.db');
});

/** Opens the state of the file as a process would. */
async function open(clock: Clock = manualClock(1_700_000_000_000)) {
  const store = sqliteStore({ path, clock });
  onTestFinished(() => store.close());
  return { client: new StateClient(await store.state!('shop')), close: () => store.close() };
}

describe('the state of a SQLite file', () => {
  it('is there again when the file is opened again', async () => {
    const before = await open();
    await before.client.documents().set('key', 'value', { metadata: 'note', fence: 7 });
    await before.client.documents().append('list', ['a', 'b']);
    await before.client.log().append(['entry']);
    const run = await before.client.runs.open('run');
    await before.client.runs.record(run, 'run', { step: { id: 'one', text: '1' } });
    await before.client.locks.take('lock', 'token', 60_000);
    await before.close();
    const { client } = await open();
    const [document] = await client.documents().read('key');
    expect([document?.content, document?.metadata]).toEqual([{ form: 'value', text: 'value' }, 'note']);
    expect(await client.documents().get('list')).toEqual(['a', 'b']);
    await client.documents().assertRefused('fence', {
      kind: 'set',
      key: 'key',
      content: { form: 'value', text: 'late' },
      fence: 6,
    });
    expect(await client.log().texts()).toEqual(['entry']);
    expect((await client.runs.read('run'))?.steps.get('one')).toBe('1');
    await client.locks.assertHeld('lock');
  });

  it('comes to a file of the layout before it, and leaves what that holds', async () => {
    const old = new DatabaseSync(path);
    migrate(old, path, [migration1Sql]);
    old.exec(`INSERT INTO namespace (name) VALUES ('"shop"')`);
    old.close();
    const { client } = await open();
    await client.documents().set('key', 'value');
    expect(await client.documents().get('key')).toBe('value');
    const now = new DatabaseSync(path, { readOnly: true });
    expect(now.prepare('SELECT name FROM namespace').all()).toMatchObject([{ name: '"shop"' }]);
    now.close();
  });

  it('tells texts apart that differ in half of a surrogate pair, and keeps every character', async () => {
    const { client } = await open();
    const texts = ['\ud83d', '\ud83c', '\ude00', '\ufffd', 'a\0b', 'a\0c', '\u{1f600}', ''];
    const documents = client.documents('\ud83d');
    for (const text of texts) await documents.set(text, `value ${text}`, { metadata: text });
    for (const text of texts) {
      const [document] = await documents.read(text);
      expect([document?.content, document?.metadata]).toEqual([{ form: 'value', text: `value ${text}` }, text]);
    }
    await documents.append('list', texts);
    await documents.append('list', texts);
    expect(await documents.get('list')).toEqual([...texts, ...texts]);
    expect(await client.documents('\ud83c').get('\ud83d')).toBeUndefined();
    await client.log('\ud83d').append(texts);
    expect(await client.log('\ud83d').texts()).toEqual(texts);
    expect(await client.log('\ud83c').texts()).toEqual([]);
    const run = await client.runs.open('\ud83d');
    for (const text of texts) await client.runs.record(run, '\ud83d', { step: { id: text, text } });
    expect([...((await client.runs.read('\ud83d'))?.steps ?? [])]).toEqual(texts.map((text) => [text, text]));
    await client.locks.take('\ud83d', '\ud83d');
    await client.locks.take('\ud83c', '\ud83d');
    expect(await client.locks.release('\ud83d', '\ud83c')).toBe(false);
  });

  it('keeps a list in parts, of which an append writes the last one only', async () => {
    const { client } = await open();
    const items = Array.from({ length: 300 }, (_, index) => `${index} `.padEnd(100, '.'));
    for (const item of items) await client.documents().append('list', [item]);
    expect(await client.documents().get('list')).toEqual(items);
    const file = new DatabaseSync(path, { readOnly: true });
    const { parts, longest } = file.prepare('SELECT count(*) AS parts, max(length(text)) AS longest FROM part').get()!;
    file.close();
    expect(parts).toBeLessThan(10);
    expect(parts).toBeGreaterThan(3);
    expect(longest).toBeLessThan(4_300);
    await client.documents().set('list', 'a value now');
    expect(await client.documents().get('list')).toBe('a value now');
  });

  it('gives a fence that does not go back when the clock does, also after the lock is gone', async () => {
    let now = 1_700_000_000_000;
    const clock: Clock = { now: () => now, after: () => () => undefined };
    const { client } = await open(clock);
    const fence = await client.locks.take('lock', 'first');
    await client.locks.release('lock', 'first');
    now -= 3_600_000;
    const later = await open(clock);
    expect(await later.client.locks.take('lock', 'second')).toBe(fence + 1);
  });

  it('gives no lower a fence than the time when the file was lost', async () => {
    const clock = manualClock(1_700_000_000_000);
    const fence = await (await open(clock)).client.locks.take('lock', 'first');
    path = `${path}.new`;
    await clock.advance(1);
    expect(await (await open(clock)).client.locks.take('lock', 'second')).toBeGreaterThan(fence);
  });
});
