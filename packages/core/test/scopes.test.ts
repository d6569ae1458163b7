import { describe, expect, it, vi } from 'vitest';

import { createToolCache, type Scope } from '../src/index.ts';
import { eventLog } from './event-log.ts';

/** Sets up one read and one write of the same note for every scope; each read has a counter of its own. */
function givenNotes() {
  const log = eventLog();
  const cache = createToolCache({ onEvent: log.listener });
  function note(scope?: Scope) {
    const fetch = vi.fn(async () => fetch.mock.calls.length);
    const name = `get_${scope ?? 'default'}_note`;
    return cache.read(fetch, { name, resource: 'note', ...(scope !== undefined && { scope }) });
  }
  function change(scope?: Scope) {
    const name = `change_${scope ?? 'default'}_note`;
    return cache.write(async () => 'changed', { name, invalidates: 'note', ...(scope !== undefined && { scope }) });
  }
  const a = cache.openSession({ loopDetection: false, id: 'a', userId: 'ada' });
  const b = cache.openSession({ loopDetection: false, id: 'b', userId: 'ada' });
  const c = cache.openSession({ loopDetection: false, id: 'c', userId: 'bob' });
  const nobody = cache.openSession({ loopDetection: false, id: 'nobody' });
  return { cache, log, note, change, a, b, c, nobody };
}

describe('the scope of a read', () => {
  it('is the session by default', async () => {
    const { note, a, b } = givenNotes();
    const getNote = note();
    expect(getNote.tool.scope).toBe('session');
    expect(await a.run(() => getNote())).toBe(1);
    expect(await a.run(() => getNote())).toBe(1);
    expect(await b.run(() => getNote())).toBe(2);
  });

  it('"user" shares results between the sessions of one user', async () => {
    const { note, a, b, c } = givenNotes();
    const getNote = note('user');
    expect(await a.run(() => getNote())).toBe(1);
    expect(await b.run(() => getNote())).toBe(1);
    expect(await c.run(() => getNote())).toBe(2);
    expect(await b.run(() => getNote())).toBe(1);
  });

  it('"user" outlives the session', async () => {
    const { note, a, b } = givenNotes();
    const getNote = note('user');
    await a.run(() => getNote());
    await a.end();
    expect(await b.run(() => getNote())).toBe(1);
  });

  it('"global" shares results between everybody, sessions or not', async () => {
    const { note, a, c } = givenNotes();
    const getNote = note('global');
    expect(await a.run(() => getNote())).toBe(1);
    expect(await c.run(() => getNote())).toBe(1);
    expect(await getNote()).toBe(1);
  });
});

describe('a read whose scope has nobody to belong to', () => {
  it('runs every time without a session, and says so', async () => {
    const { cache, log, note } = givenNotes();
    const getNote = note();
    log.clear();
    expect(await getNote()).toBe(1);
    expect(await getNote()).toBe(2);
    expect(log.types()).toEqual([
      'call-bypassed', // the first read
      'tool-executed',
      'call-bypassed', // the second
      'tool-executed',
    ]);
    expect(log.of('call-bypassed').map(({ reason }) => reason)).toEqual(['no-session', 'no-session']);
    expect(cache.metrics()).toMatchObject({ bypassed: 2, misses: 0, entries: 0, upstreamCalls: 2 });
  });

  it('runs every time without a known user, and says so', async () => {
    const { log, note, nobody } = givenNotes();
    const getNote = note('user');
    expect(await nobody.run(() => getNote())).toBe(1);
    expect(await nobody.run(() => getNote())).toBe(2);
    expect(await getNote()).toBe(3);
    expect(log.of('call-bypassed').map(({ reason }) => reason)).toEqual(['no-user', 'no-user', 'no-user']);
  });

  it('answers concurrent callers one by one', async () => {
    const { note } = givenNotes();
    const getNote = note();
    expect(await Promise.all([getNote(), getNote()])).toEqual([1, 2]);
  });
});

describe('a write', () => {
  it('of scope "global" drops the copies of everybody', async () => {
    const { note, change, a, b, c } = givenNotes();
    const [own, shared, everybody] = [note('session'), note('user'), note('global')];
    await a.run(() => own());
    await b.run(() => shared());
    await everybody();
    await c.run(() => change('global')());
    expect(await a.run(() => own())).toBe(2);
    expect(await b.run(() => shared())).toBe(2);
    expect(await everybody()).toBe(2);
  });

  it('of scope "session" leaves other sessions, users and the global scope alone', async () => {
    const { note, change, a, b } = givenNotes();
    const [own, shared, everybody] = [note('session'), note('user'), note('global')];
    await a.run(() => own());
    await b.run(() => own());
    await a.run(() => shared());
    await everybody();
    await a.run(() => change()());
    expect(await a.run(() => own())).toBe(3);
    expect(await b.run(() => own())).toBe(2);
    expect(await a.run(() => shared())).toBe(1);
    expect(await everybody()).toBe(1);
  });

  it('of scope "user" reaches all sessions of that user, and no other user', async () => {
    const { note, change, a, b, c } = givenNotes();
    const getNote = note('user');
    await a.run(() => getNote());
    await c.run(() => getNote());
    await a.run(() => change('user')());
    expect(await b.run(() => getNote())).toBe(3);
    expect(await c.run(() => getNote())).toBe(2);
  });

  it('of scope "session" runs without a session all the same', async () => {
    const { log, change } = givenNotes();
    expect(await change()()).toBe('changed');
    expect(log.of('resources-invalidated')).toEqual([]);
    expect(log.of('tool-executed')).toMatchObject([{ kind: 'write', outcome: 'ok' }]);
  });
});

describe('invalidate', () => {
  it('reaches everybody on the cache, and one session on a session', async () => {
    const { cache, note, a, b } = givenNotes();
    const [own, shared] = [note('session'), note('user')];
    await a.run(() => own());
    await b.run(() => own());
    await a.run(() => shared());
    await a.invalidate('note');
    expect(await a.run(() => own())).toBe(3);
    expect(await b.run(() => own())).toBe(2);
    expect(await a.run(() => shared())).toBe(1);
    await cache.invalidate('note');
    expect(await b.run(() => own())).toBe(4);
    expect(await a.run(() => shared())).toBe(2);
  });
});

describe('ids that look like structure', () => {
  it('never lead to the results of another session or user', async () => {
    const { cache } = givenNotes();
    const names = ['a:b', 'a%3ab', 'a/b', 'a', 'a:', 'g:', 's:a', ' a', 'a\n', '__proto__'];
    const fetch = vi.fn(async (_id: string) => fetch.mock.calls.length);
    const own = cache.read(fetch, { name: 'own', resource: (id) => ['note', id] });
    const shared = cache.read(fetch, { name: 'shared', resource: (id) => ['note', id], scope: 'user' });
    const seen = new Set<number>();
    for (const name of names) {
      await cache.session({ id: `${name}!`, userId: name, loopDetection: false }, async () => {
        for (const id of names) seen.add(await own(id)).add(await shared(id));
      });
    }
    expect(seen.size).toBe(names.length * names.length * 2);
  });
});
