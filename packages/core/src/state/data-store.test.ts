import { describe, expect, it } from 'vitest';

import { codeOf, givenState } from '../../test/agent-state.ts';
import { refusal } from '../../test/refusal.ts';

describe('DataStore', () => {
  it.each([[0], [''], [null], [false], [[]], [NaN]])(
    'takes %j for a value, and not for a missing one',
    async (value) => {
      const data = givenState().state.data();
      await data.set('key', value);
      expect(await data.get('key', 'fallback')).toStrictEqual(value);
      expect(await data.has('key')).toBe(true);
    },
  );

  it('returns the fallback for what is not there, and undefined without one', async () => {
    const data = givenState().state.data();
    expect(await data.get('key', 'fallback')).toBe('fallback');
    expect(await data.get('key')).toBeUndefined();
    expect(await data.has('key')).toBe(false);
    expect(await data.entry('key')).toBeUndefined();
    expect(await data.metadata('key')).toBeUndefined();
  });

  it('keeps what was stored, whatever happens to the object, and hands out copies', async () => {
    const data = givenState().state.data();
    const value = { items: ['laptop'], at: new Date(0), bytes: new Uint8Array([1, 2]) };
    await data.set('key', value);
    value.items.push('mouse');
    const first = await data.get<typeof value>('key');
    first?.items.push('keyboard');
    expect(await data.get('key')).toStrictEqual({ items: ['laptop'], at: new Date(0), bytes: new Uint8Array([1, 2]) });
  });

  it('tells version, metadata and times of a value', async () => {
    const { state, clock } = givenState();
    const data = state.data();
    const version = await data.set('key', 'value', { metadata: { source: 'web' }, ttl: '1m' });
    await clock.advance(1_000);
    await data.update('key', (value: string | undefined) => `${value}!`);
    expect(await data.entry('key')).toEqual({
      value: 'value!',
      version: version + 1,
      metadata: { source: 'web' },
      createdAt: new Date(1_700_000_000_000),
      updatedAt: new Date(1_700_000_001_000),
      expiresAt: new Date(1_700_000_060_000),
    });
    expect((await data.metadata('key'))?.metadata).toEqual({ source: 'web' });
    await clock.advance(59_000);
    expect(await data.has('key')).toBe(false);
  });

  it('sets only what has the expected version, or is absent', async () => {
    const data = givenState().state.data();
    const version = await data.set('key', 1, { ifAbsent: true });
    expect(await refusal(() => data.set('key', 2, { ifAbsent: true }))).toMatchObject({
      code: 'version_conflict',
      version,
    });
    expect(await codeOf(() => data.set('key', 2, { ifVersion: version + 1 }))).toBe('version_conflict');
    expect(await codeOf(() => data.delete('key', { ifVersion: version + 1 }))).toBe('version_conflict');
    await data.set('key', 2, { ifVersion: version });
    expect(await data.get('key')).toBe(2);
  });

  it('sets many values or none', async () => {
    const data = givenState().state.data();
    await data.setMany({ a: 1, b: [2] }, { metadata: 'both' });
    await data.setMany(new Map([['c', null]]));
    expect(await data.getMany(['a', 'c', 'none', 'b'])).toEqual(
      new Map<string, unknown>([
        ['a', 1],
        ['c', null],
        ['b', [2]],
      ]),
    );
    expect(await codeOf(() => data.setMany({ a: 10, bad: () => 1 }))).toBe('not_encodable');
    expect(await data.get('a')).toBe(1);
    await data.setMany({});
  });

  it('counts, and appends to arrays of any kind', async () => {
    const data = givenState().state.data();
    expect(await data.increment('count')).toBe(1);
    expect(await data.increment('count', 4, { ttl: '1m' })).toBe(5);
    await data.set('stock', 10);
    expect(await data.increment('stock', -3)).toBe(7);
    expect(await data.append('list', { a: 1 }, 'two')).toBe(2);
    await data.set('list 2', ['one']);
    expect(await data.append('list 2', 'two')).toBe(2);
    const shared = { a: 1 };
    await data.set('list 3', [shared, shared]);
    expect(await data.append('list 3', 'three')).toBe(3);
    expect(await data.get('list 3')).toStrictEqual([{ a: 1 }, { a: 1 }, 'three']);
    expect(await codeOf(() => data.increment('list'))).toBe('wrong_type');
    expect(await codeOf(() => data.append('count', 1))).toBe('wrong_type');
    await data.set('object', {});
    expect(await codeOf(() => data.append('object', 1))).toBe('wrong_type');
    expect(await codeOf(() => data.increment('stock', Number.MAX_SAFE_INTEGER))).toBe('number_overflow');
  });

  it('updates a value without losing any of many updates at once', async () => {
    const { state } = givenState({ seed: 7 });
    const data = state.data();
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => data.update<number[]>('list', (list = []) => [...list, index])),
    );
    expect((await data.get<number[]>('list'))?.toSorted((a, b) => a - b)).toEqual([...Array(50).keys()]);
  });

  it('gives up an update when others are faster each time, and says so', async () => {
    const data = givenState().state.data();
    let calls = 0;
    const update = data.update(
      'key',
      async () => {
        calls += 1;
        await data.set('key', calls);
        return 'mine';
      },
      { attempts: 3 },
    );
    expect(await codeOf(() => update)).toBe('version_conflict');
    expect(calls).toBe(3);
  });

  it('comes to an end when the function of an update updates the same value', async () => {
    const { state, clock } = givenState();
    const data = state.data();
    let isFirst = true;
    await data.set('key', 0);
    const update = data.update<number>('key', async (value = 0) => {
      if (isFirst) {
        isFirst = false;
        await data.update<number>('key', (inner = 0) => inner + 10);
      }
      return value + 1;
    });
    await clock.advance(0);
    await clock.advance(1_000);
    expect(await update).toBe(11);
    expect(clock.pending()).toBe(0);
  });

  it('updates a value as often as it is asked to at once, also by functions that take their time', async () => {
    const { state, clock } = givenState();
    const data = state.data();
    const slow = async (value = 0): Promise<number> => {
      await Promise.resolve();
      return value + 1;
    };
    await Promise.all(Array.from({ length: 100 }, () => data.update('key', slow)));
    expect(await data.get('key')).toBe(100);
    expect(clock.pending()).toBe(0);
  });

  it('refuses a function that returns nothing', async () => {
    const data = givenState().state.data();
    expect(await codeOf(() => data.update('key', () => undefined))).toBe('invalid_argument');
    expect(await data.has('key')).toBe(false);
  });

  it('passes on what the function of an update throws, and changes nothing', async () => {
    const data = givenState().state.data();
    const error = new Error('mine');
    expect(await refusal(() => data.update('key', () => Promise.reject(error)))).toBe(error);
  });

  it('lists keys and entries by prefix, page by page', async () => {
    const data = givenState().state.data();
    await data.setMany({ 'a:1': 1, 'a:2': 2, 'a:3': 3, b: 4 });
    const first = await data.keys({ prefix: 'a:', limit: 2 });
    expect(first).toEqual({ keys: ['a:1', 'a:2'], cursor: 'a:2' });
    expect(await data.keys({ prefix: 'a:', limit: 2, cursor: first.cursor })).toEqual({
      keys: ['a:3'],
      cursor: undefined,
    });
    expect(await data.entries({ prefix: 'a:', limit: 2 })).toEqual({
      entries: new Map([
        ['a:1', 1],
        ['a:2', 2],
      ]),
      cursor: 'a:2',
    });
  });

  it('keeps namespaces apart, finds them by prefix, and clears one', async () => {
    const { state } = givenState();
    const data = state.data('repo:x:main');
    await data.set('commit', 'abc');
    await data.use('repo:x:dev').set('commit', 'def');
    await data.use('team').set('lead', 'ann');
    await state.chat('conversation').append('hello');
    expect(await data.get('commit')).toBe('abc');
    expect(await state.data().namespaces()).toEqual({
      namespaces: ['repo:x:dev', 'repo:x:main', 'team'],
      cursor: undefined,
    });
    const page = await data.namespaces({ prefix: 'repo:', limit: 1 });
    expect(page).toEqual({ namespaces: ['repo:x:dev'], cursor: 'repo:x:dev' });
    expect((await data.namespaces({ prefix: 'repo:', cursor: page.cursor })).namespaces).toEqual(['repo:x:main']);
    expect(await data.clear()).toBe(1);
    expect((await data.namespaces({ prefix: 'repo:' })).namespaces).toEqual(['repo:x:dev']);
  });

  it('refuses the write of a holder whose lease is over', async () => {
    const { state, clock } = givenState();
    const data = state.data();
    const stopped = await state.lock('file', { ttl: '1s', heartbeat: false });
    await data.set('file', 'by the first', { fence: stopped.fence });
    await clock.advance(1_000);
    const next = await state.lock('file');
    await data.set('file', 'by the second', { fence: next.fence });
    const { fence } = stopped;
    for (const late of [
      () => data.set('file', 'late', { fence }),
      () => data.delete('file', { fence }),
      () => data.setMany({ file: 'late', other: 'late' }, { fence }),
      () => data.update('file', () => 'late', { fence }),
    ]) {
      expect(await refusal(late)).toMatchObject({ code: 'stale_fence', fence: next.fence });
    }
    expect(await data.get('file')).toBe('by the second');
    expect(await data.has('other')).toBe(false);
  });

  it('refuses values that look like credentials unless they are allowed, also in metadata', async () => {
    const token = `ghp_${'Ab3'.repeat(12)}`;
    const data = givenState().state.data();
    expect(await refusal(() => data.set('key', { auth: [token] }))).toMatchObject({
      code: 'credential_refused',
      path: '$.auth[0]',
    });
    expect(await codeOf(() => data.set('key', 1, { metadata: token }))).toBe('credential_refused');
    expect(await codeOf(() => data.append('list', token))).toBe('credential_refused');
    expect(String(await refusal(() => data.set('key', token)))).not.toContain(token);
    const open = givenState({ credentials: 'allow' }).state.data();
    await open.set('key', token);
    expect(await open.get('key')).toBe(token);
  });

  it('refuses values and lists beyond the limit', async () => {
    const data = givenState({ maxValueBytes: 100 }).state.data();
    expect(await codeOf(() => data.set('key', 'x'.repeat(98)))).toBe('value_too_large');
    await data.set('key', 'x'.repeat(97));
    await data.append('list', 'x'.repeat(50));
    expect(await codeOf(() => data.append('list', 'x'.repeat(50)))).toBe('value_too_large');
    expect(await data.get('list')).toHaveLength(1);
  });

  it.each([
    ['key', (data) => data.get('')],
    ['key', (data) => data.set(5 as never, 1)],
    ['key', (data) => data.setMany({ '': 1 })],
    ['keys', (data) => data.getMany('key' as never)],
    ['values', (data) => data.setMany(null as never)],
    ['by', (data) => data.increment('key', NaN)],
    ['by', (data) => data.increment('key', '1' as never)],
    ['change', (data) => data.update('key', 5 as never)],
    ['attempts', (data) => data.update('key', () => 1, { attempts: 0 })],
    ['ttl', (data) => data.set('key', 1, { ttl: 0 })],
    ['ttl', (data) => data.increment('key', 1, { ttl: 'soon' as never })],
    ['ifVersion', (data) => data.set('key', 1, { ifVersion: -1 })],
    ['ifAbsent', (data) => data.set('key', 1, { ifAbsent: 1 as never })],
    ['fence', (data) => data.set('key', 1, { fence: 0 })],
    ['operationId', (data) => data.set('key', 1, { operationId: '' })],
    ['expires', (data) => data.set('key', 1, { expires: '5m' } as never)],
    ['limit', (data) => data.keys({ limit: 0 })],
    ['prefix', (data) => data.keys({ prefix: 5 as never })],
    ['cursor', (data) => data.namespaces({ cursor: 5 as never })],
    ['namespace', (data) => data.use('')],
  ] satisfies [string, (data: ReturnType<ReturnType<typeof givenState>['state']['data']>) => unknown][])(
    'refuses a bad %s: %s',
    async (name, run) => {
      const data = givenState().state.data();
      expect(String(await refusal(() => run(data)))).toMatch(
        new RegExp(`Invalid (option|argument) "${name}": received .+, allowed: .+`, 's'),
      );
    },
  );
});
