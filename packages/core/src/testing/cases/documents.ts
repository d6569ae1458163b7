import assert from 'node:assert/strict';

import type { DocumentChange } from '../../store/document-store.ts';
import type { StoreCase } from '../store-case.ts';

const requires = ['state'] as const;

/** Checks single documents: values, versions, counters, lists, time. */
export const documentCases: readonly StoreCase[] = [
  {
    name: 'keeps a document with its metadata, and returns what is there in the order of the keys',
    requires,
    async run({ state: [a, b] }) {
      await a.documents().set('one', 'first', { metadata: 'about one' });
      await a.documents().set('two', 'second');
      const found = await b.documents().read('two', 'none', 'one');
      assert.deepEqual(
        found.map((document) => document?.content),
        [{ form: 'value', text: 'second' }, undefined, { form: 'value', text: 'first' }],
      );
      assert.deepEqual(
        found.map((document) => document?.metadata),
        [undefined, undefined, 'about one'],
      );
    },
  },
  {
    name: 'replaces all of a document when it is set, its metadata and expiry included',
    requires,
    async run({ state: [a, b] }) {
      await a.documents().set('key', 'old', { metadata: 'note', ttlMs: 60_000 });
      await b.documents().set('key', 'new');
      const [document] = await a.documents().read('key');
      assert.equal(document?.metadata, undefined);
      assert.equal(document?.expiresAt, undefined);
    },
  },
  {
    name: 'keeps metadata and expiry of the document where a change says so',
    requires,
    async run({ state: [a, b] }) {
      await a.documents().set('key', 'old', { metadata: 'note', ttlMs: 60_000 });
      const [before] = await a.documents().read('key');
      await b.documents().set('key', 'new', { keep: true, metadata: 'other', ttlMs: 5 });
      const [after] = await a.documents().read('key');
      assert.deepEqual(
        [after?.content, after?.metadata, after?.expiresAt, after?.createdAt],
        [{ form: 'value', text: 'new' }, 'note', before?.expiresAt, before?.createdAt],
      );
    },
  },
  {
    name: 'gives every change a higher version, also after the key was deleted',
    requires,
    async run({ state: [a, b] }) {
      const versions = [await a.documents().set('key', '1'), await b.documents().set('key', '2')];
      await a.documents().delete('key');
      versions.push(await a.documents().set('key', '3'), await b.documents().set('other', '4'));
      await a.documents().store.clear('clear');
      versions.push(await b.documents().set('key', '5'));
      assert.deepEqual(
        versions,
        versions.toSorted((x, y) => x - y),
      );
      assert.equal(new Set(versions).size, versions.length);
      assert.ok((versions[0] as number) >= 1);
    },
  },
  {
    name: 'changes a document only if it has the expected version',
    requires,
    async run({ state: [a, b] }) {
      const documents = b.documents();
      const version = await a.documents().set('key', 'old');
      const content = { form: 'value', text: 'new' } as const;
      await documents.assertRefused('version', { kind: 'set', key: 'key', content, expectedVersion: version + 1 });
      await documents.assertRefused('version', { kind: 'set', key: 'key', content, expectedVersion: 0 });
      await documents.assertRefused('version', { kind: 'delete', key: 'key', expectedVersion: version + 1 });
      assert.equal(await a.documents().get('key'), 'old');
      await documents.set('key', 'new', { expectedVersion: version });
      await documents.assertRefused('version', { kind: 'set', key: 'key', content, expectedVersion: version });
      await documents.assertRefused('version', { kind: 'set', key: 'none', content, expectedVersion: version });
      await documents.set('none', 'there now', { expectedVersion: 0 });
    },
  },
  {
    name: 'says which version and fence stand in the way',
    requires,
    async run({ state: [a, b] }) {
      const version = await a.documents().set('key', 'old', { fence: 7 });
      const result = await b.documents().apply({ kind: 'delete', key: 'key', expectedVersion: version + 1 });
      assert.deepEqual(result, { kind: 'refused', key: 'key', reason: 'version', version, fence: 7 });
    },
  },
  {
    name: 'deletes a document, and tells whether it was there',
    requires,
    async run({ state: [a, b] }) {
      await a.documents().set('key', 'value');
      assert.equal(await b.documents().delete('key'), true);
      assert.equal(await a.documents().delete('key'), false);
      assert.equal(await a.documents().get('key'), undefined);
    },
  },
  {
    name: 'adds to a number, and starts from 0',
    requires,
    async run({ state: [a, b] }) {
      assert.equal(await a.documents().increment('count'), 1);
      assert.equal(await b.documents().increment('count', 41), 42);
      assert.equal(await a.documents().increment('count', -0.5), 41.5);
      assert.equal(await a.documents().get('count'), 41.5);
      await a.documents().change({ kind: 'set', key: 'count', content: { form: 'number', number: 0.1 } });
      assert.equal(await b.documents().increment('count', 0.2), 0.1 + 0.2);
    },
  },
  {
    name: 'does not add to what is no number, nor beyond the whole numbers',
    requires,
    async run({ state: [a, b] }) {
      await a.documents().set('text', '1');
      await b.documents().assertRefused('not-a-number', { kind: 'increment', key: 'text', by: 1 });
      const number = Number.MAX_SAFE_INTEGER;
      await a.documents().change({ kind: 'set', key: 'large', content: { form: 'number', number } });
      await b.documents().assertRefused('overflow', { kind: 'increment', key: 'large', by: 1 });
      assert.equal(await a.documents().get('large'), number);
    },
  },
  {
    name: 'counts every one of many increments at once',
    requires,
    async run({ state: [a, b] }) {
      const counted = await Promise.all(
        Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? a : b).documents().increment('count')),
      );
      assert.deepEqual(
        counted.toSorted((x, y) => x - y),
        Array.from({ length: 60 }, (_, index) => index + 1),
      );
    },
  },
  {
    name: 'appends to a list in order, and loses nothing that comes at once',
    requires,
    async run({ state: [a, b] }) {
      assert.equal(await a.documents().append('list', ['x', '']), 2);
      assert.equal(await b.documents().append('list', ['x']), 3);
      assert.deepEqual(await a.documents().get('list'), ['x', '', 'x']);
      await Promise.all(
        Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? a : b).documents().append('many', [`${index}`])),
      );
      const many = (await b.documents().get('many')) as readonly string[];
      assert.deepEqual(
        [...many].map(Number).toSorted((x, y) => x - y),
        [...Array(40).keys()],
      );
    },
  },
  {
    name: 'keeps an empty list, and a list of one empty text, apart',
    requires,
    async run({ state: [a, b] }) {
      await a.documents().change({ kind: 'set', key: 'none', content: { form: 'list', items: [] } });
      await a.documents().change({ kind: 'set', key: 'one', content: { form: 'list', items: [''] } });
      assert.deepEqual(await b.documents().get('none'), []);
      assert.deepEqual(await b.documents().get('one'), ['']);
      assert.equal(await b.documents().append('none', ['first']), 1);
    },
  },
  {
    name: 'does not append to what is no list, nor beyond the bound of bytes',
    requires,
    async run({ state: [a, b] }) {
      await a.documents().set('text', 'x');
      const change: DocumentChange = { kind: 'append', key: 'text', items: ['y'], maxBytes: 10 };
      await b.documents().assertRefused('not-a-list', change);
      await b.documents().assertRefused('too-large', { ...change, key: 'list', items: ['ä', '1234567'] });
      await b.documents().change({ ...change, key: 'list', items: ['ä', '123456'] });
      await b.documents().assertRefused('too-large', { ...change, key: 'list', items: [''] });
      assert.deepEqual(await a.documents().get('list'), ['ä', '123456']);
    },
  },
  {
    name: 'lets a document go when its time is over, to the millisecond',
    requires: ['state', 'exact-time'],
    async run({ state: [a, b], advance }) {
      const version = await a.documents().set('key', 'value', { ttlMs: 1_000 });
      await advance(999);
      assert.equal(await b.documents().get('key'), 'value');
      await advance(1);
      assert.equal(await b.documents().get('key'), undefined);
      assert.deepEqual((await a.documents().keys()).keys, []);
      assert.equal(await a.documents().delete('key'), false);
      assert.ok((await b.documents().set('key', 'again', { expectedVersion: 0 })) > version);
    },
  },
  {
    name: 'starts a number and a list anew when the time of the old one is over',
    requires: ['state', 'exact-time'],
    async run({ state: [a, b], advance }) {
      await a.documents().increment('count', 5, 1_000);
      await a.documents().append('list', ['x'], 1_000);
      await b.documents().increment('count', 5, 60_000);
      await advance(1_000);
      assert.equal(await b.documents().increment('count', 1), 1);
      assert.equal(await a.documents().append('list', ['y']), 1);
    },
  },
  {
    name: 'prolongs the time of a document without a new version, and of none that is not there',
    requires: ['state', 'exact-time'],
    async run({ state: [a, b], advance }) {
      const version = await a.documents().set('key', 'value', { ttlMs: 1_000 });
      await b.documents().change({ kind: 'touch', key: 'key', ttlMs: 5_000 });
      await b.documents().change({ kind: 'touch', key: 'none', ttlMs: 5_000 });
      await advance(4_999);
      const [document, none] = await a.documents().read('key', 'none');
      assert.equal(document?.version, version);
      assert.equal(none, undefined);
    },
  },
];
