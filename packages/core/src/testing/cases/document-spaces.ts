import assert from 'node:assert/strict';

import type { ApplyResult, DocumentChange, RefusalReason } from '../../store/document-store.ts';
import type { StoreCase } from '../store-case.ts';

const requires = ['state'] as const;

const HOSTILE = ['', 'a:b', 'a/b', '%', '_', '*', '[a]', '{a}', 'a\nb', 'a\0b', '\u{1f600}', 'É', '__proto__', "';--"];

function setTo(key: string, text: string, more: Partial<DocumentChange> = {}): DocumentChange {
  return { kind: 'set', key, content: { form: 'value', text }, ...more } as DocumentChange;
}

/** Checks documents together: changes of several, fences, operation ids, pages, spaces. */
export const documentSpaceCases: readonly StoreCase[] = [
  {
    name: 'carries out all changes of a call, or none of them',
    requires,
    async run({ state: [a, b] }) {
      await a.documents().apply(setTo('one', '1'), setTo('two', '2'), { kind: 'increment', key: 'count', by: 3 });
      await b
        .documents()
        .assertRefused(
          'version',
          setTo('one', 'changed'),
          { kind: 'increment', key: 'count', by: 1 },
          setTo('two', 'changed', { expectedVersion: 0 }),
        );
      assert.deepEqual(
        [await a.documents().get('one'), await a.documents().get('count'), await a.documents().get('two')],
        ['1', 3, '2'],
      );
    },
  },
  {
    name: 'refuses a fence that is lower than one the key has seen, also after the key was deleted or cleared',
    requires,
    async run({ state: [a, b] }) {
      const documents = b.documents();
      await a.documents().set('key', 'held by 5', { fence: 5 });
      await documents.assertRefused('fence', setTo('key', 'late', { fence: 4 }));
      await documents.assertRefused('fence', { kind: 'delete', key: 'key', fence: 4 });
      await documents.assertRefused('fence', { kind: 'increment', key: 'key', by: 1, fence: 4 });
      await documents.set('key', 'held by 5 still', { fence: 5 });
      await documents.delete('key', 6);
      await a.documents().assertRefused('fence', setTo('key', 'late', { fence: 5 }));
      await a.documents().store.clear('clear');
      await a.documents().assertRefused('fence', setTo('key', 'late', { fence: 5 }));
      await documents.set('key', 'nobody holds it');
      await a.documents().assertRefused('fence', setTo('key', 'late', { fence: 5 }));
      assert.equal(await a.documents().get('key'), 'nobody holds it');
    },
  },
  {
    name: 'refuses a lower fence also when the time of the document is over',
    requires: ['state', 'exact-time'],
    async run({ state: [a, b], advance }) {
      await a.documents().set('key', 'value', { fence: 5, ttlMs: 1_000 });
      await advance(86_000_000);
      assert.equal(await b.documents().get('key'), undefined);
      await b.documents().assertRefused('fence', setTo('key', 'late', { fence: 4 }));
    },
  },
  {
    name: 'carries out an operation once, however often it is asked for, and answers the same',
    requires,
    async run({ state: [a, b] }) {
      const changes: DocumentChange[] = [
        { kind: 'increment', key: 'count', by: 1 },
        { kind: 'append', key: 'list', items: ['x'], maxBytes: 100 },
      ];
      const first = await a.documents().store.apply('operation', changes);
      await a.documents().increment('count', 10);
      assert.deepEqual(await b.documents().store.apply('operation', changes), first);
      assert.equal(await a.documents().get('count'), 11);
      assert.deepEqual(await a.documents().get('list'), ['x']);
      assert.equal(await a.documents().store.clear('clearing'), 2);
      await a.documents().increment('count', 1);
      assert.equal(await b.documents().store.clear('clearing'), 2);
      assert.equal(await b.documents().get('count'), 1);
    },
  },
  {
    name: 'tells operations apart, whatever text identifies them',
    requires,
    async run({ state: [a] }) {
      const ids = [...HOSTILE, '\ud800', '\ud801', '\ufffd', '}', '%7D'];
      const change: DocumentChange = { kind: 'increment', key: 'count', by: 1 };
      for (const id of [...ids, ...ids]) await a.documents().store.apply(id, [change]);
      assert.equal(await a.documents().get('count'), ids.length);
    },
  },
  {
    name: 'remembers an operation for a minute',
    requires: ['state', 'exact-time'],
    async run({ state: [a, b], advance }) {
      const changes: DocumentChange[] = [{ kind: 'increment', key: 'count', by: 1 }];
      await advance(59_000);
      await a.documents().store.apply('operation', changes);
      await advance(30_000);
      await a.documents().increment('other');
      await advance(29_000);
      await b.documents().store.apply('operation', changes);
      assert.equal(await a.documents().get('count'), 1);
    },
  },
  {
    name: 'does not do later what it has refused, when the request comes once more',
    requires,
    async run({ state: [a, b] }) {
      const documents = a.documents();
      await documents.set('text', 'in the way');
      await documents.append('list', ['long']);
      await documents.set('fenced', 'held by 5', { fence: 5 });
      const refused: Readonly<Record<RefusalReason, DocumentChange>> = {
        version: setTo('text', 'late', { expectedVersion: 0 }),
        'not-a-number': { kind: 'increment', key: 'text', by: 1 },
        'not-a-list': { kind: 'append', key: 'text', items: ['late'], maxBytes: 100 },
        'too-large': { kind: 'append', key: 'list', items: ['late'], maxBytes: 5 },
        overflow: { kind: 'increment', key: 'large', by: Number.MAX_SAFE_INTEGER },
        fence: setTo('fenced', 'late', { fence: 4 }),
      };
      await documents.increment('large');
      const answers = new Map<string, ApplyResult>();
      for (const [reason, change] of Object.entries(refused)) {
        const answer = await documents.store.apply(reason, [change]);
        assert.equal(answer.kind === 'refused' && answer.reason, reason);
        answers.set(reason, answer);
      }
      for (const key of ['text', 'list', 'large']) await documents.delete(key);
      for (const [reason, change] of Object.entries(refused)) {
        assert.deepEqual(await b.documents().store.apply(reason, [change]), answers.get(reason));
      }
      assert.deepEqual((await documents.keys()).keys, ['fenced']);
      assert.equal(await documents.get('fenced'), 'held by 5');
    },
  },
  {
    name: 'keeps any text as a key, and compares prefixes as text',
    requires,
    async run({ state: [a, b] }) {
      for (const key of HOSTILE) await a.documents().set(key, `at ${key}`);
      for (const key of HOSTILE) assert.equal(await b.documents().get(key), `at ${key}`);
      assert.deepEqual(new Set((await b.documents().keys()).keys), new Set(HOSTILE));
      for (const key of HOSTILE) {
        const expected = HOSTILE.filter((other) => other.startsWith(key));
        assert.deepEqual(new Set((await b.documents().keys({ prefix: key })).keys), new Set(expected), key);
      }
    },
  },
  {
    name: 'returns the keys sorted by code points, page by page, whatever goes meanwhile',
    requires,
    async run({ state: [a, b] }) {
      const keys = ['a', 'a:1', 'a:10', 'a:2', 'a:\uffff', 'a:\u{1f600}', 'b'];
      for (const key of keys.toReversed()) await a.documents().set(key, '');
      assert.deepEqual(await b.documents().keys(), { keys, more: false });
      const first = await b.documents().keys({ prefix: 'a:', limit: 2 });
      assert.deepEqual(first, { keys: ['a:1', 'a:10'], more: true });
      await a.documents().delete('a:10');
      const rest = { prefix: 'a:', after: 'a:10', limit: 3 };
      assert.deepEqual(await b.documents().keys(rest), { keys: ['a:2', 'a:\uffff', 'a:\u{1f600}'], more: false });
      assert.deepEqual(await b.documents().keys({ prefix: 'b', after: 'a:10' }), { keys: ['b'], more: false });
    },
  },
  {
    name: 'returns each of a thousand keys once',
    requires,
    async run({ state: [a, b] }) {
      const changes = Array.from({ length: 1_000 }, (_, index) => setTo(`key ${(index * 7_919) % 1_000}`, ''));
      await a.documents().apply(...changes);
      const seen: string[] = [];
      for (let after: string | undefined, more = true; more; after = seen.at(-1)) {
        const page = await b.documents().keys({ after, limit: 64 });
        seen.push(...page.keys);
        more = page.more;
      }
      assert.deepEqual(seen, changes.map(({ key }) => key).toSorted());
    },
  },
  {
    name: 'clears one space, and counts what was there',
    requires,
    async run({ state: [a, b] }) {
      await a.documents('one').apply(setTo('x', ''), setTo('y', ''));
      await a.documents('two').set('x', 'stays');
      assert.equal(await b.documents('one').store.clear('clearing'), 2);
      assert.deepEqual((await a.documents('one').keys()).keys, []);
      assert.equal(await a.documents('two').get('x'), 'stays');
    },
  },
  {
    name: 'lists the spaces that hold a document, by prefix and page',
    requires,
    async run({ state: [a, b] }) {
      for (const space of ['repo:b', 'repo:a', 'team', 'repo:c', 'repo%']) await a.documents(space).set('key', '');
      await a.documents('repo:c').delete('key');
      await b.documents('never written').get('key');
      assert.deepEqual((await b.spaces()).keys, ['repo%', 'repo:a', 'repo:b', 'team']);
      assert.deepEqual(await b.spaces({ prefix: 'repo:', limit: 1 }), { keys: ['repo:a'], more: true });
      assert.deepEqual(await b.spaces({ prefix: 'repo:', after: 'repo:a' }), { keys: ['repo:b'], more: false });
    },
  },
  {
    name: 'keeps the state of namespaces apart',
    requires,
    async run({ state: [a], openState }) {
      const [, other] = await openState('another');
      await a.documents().set('key', 'value', { fence: 9 });
      await a.locks.take('lock', 'token');
      await a.log().append(['entry']);
      await a.runs.open('run', 9);
      assert.equal(await other.documents().get('key'), undefined);
      assert.deepEqual((await other.spaces()).keys, []);
      await other.documents().set('key', 'other', { fence: 1 });
      await other.locks.take('lock', 'other token');
      assert.deepEqual(await other.log().texts(), []);
      assert.equal((await other.runs.tryOpen('run', 1)).kind, 'opened');
    },
  },
];
