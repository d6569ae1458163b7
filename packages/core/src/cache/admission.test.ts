import { describe, expect, it } from 'vitest';

import { CallFrame } from '../session/call-frame.ts';
import { GLOBAL_PLACE, sessionPlace, userPlace } from '../session/place.ts';
import type { Scope } from '../scope.ts';
import { admit } from './admission.ts';

type Request = Parameters<typeof admit>[1];

const PLACES = {
  global: GLOBAL_PLACE,
  user: userPlace('ada'),
  session: sessionPlace({ id: 's', opening: '1' }, 'ada'),
};

function request(options: Partial<Request['rules']> & Partial<Omit<Request, 'rules'>> = {}): Request {
  const { ttlMs = () => 1000, place = GLOBAL_PLACE, ...rules } = options;
  return {
    ttlMs,
    place,
    rules: {
      isolation: 'copy',
      cacheIf: undefined,
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: 0,
      earlyRefresh: 0,
      ...rules,
    },
  };
}

function frame(tags: readonly string[] = [], scope: Scope = 'global'): CallFrame {
  const created = new CallFrame('key', 'tool', undefined);
  created.absorb(tags, PLACES[scope]);
  return created;
}

describe('admit', () => {
  it('takes a result in, with its time and everything it depends on', () => {
    const result = { items: ['a'] };
    const admission = admit(result, request({ ttlMs: () => 5 }), frame(['a', 'b', 'c']));
    expect(admission).toMatchObject({ admitted: true, ttlMs: 5, tags: ['a', 'b', 'c'] });
    result.items.push('changed later');
    expect(admission.admitted && admission.snapshot.open()).toEqual({ items: ['a'] });
  });

  it.each([[0], [''], [false], [null], [NaN]])('takes %o in, which is a value', (value) => {
    expect(admit(value, request(), frame()).admitted).toBe(true);
  });

  it('turns undefined down, unless cacheIf likes it', () => {
    expect(admit(undefined, request(), frame())).toMatchObject({ admitted: false, reason: 'undefined' });
    expect(admit(undefined, request({ cacheIf: () => true }), frame()).admitted).toBe(true);
  });

  it.each([[false], [0], [''], [null], [undefined]])('turns down what cacheIf answers with %o', (answer) => {
    const rules = request({ cacheIf: (() => answer) as never });
    expect(admit('value', rules, frame())).toMatchObject({ admitted: false, reason: 'cache-if' });
  });

  it.each<[Scope, Scope, boolean]>([
    ['session', 'session', true],
    ['session', 'global', true],
    ['user', 'user', true],
    ['user', 'session', false],
    ['global', 'user', false],
    ['global', 'session', false],
  ])('for scope %s and a read of scope %s inside: %s', (scope, read, admitted) => {
    const admission = admit('value', request({ place: PLACES[scope] }), frame([], read));
    expect(admission.admitted).toBe(admitted);
    if (!admitted)
      expect(admission).toMatchObject({ reason: 'narrower-scope', detail: expect.stringContaining(read) as string });
  });

  it('turns down what depends on more than 128 tags', () => {
    const tags = Array.from({ length: 129 }, (_, index) => `tag ${index}`);
    expect(admit('value', request(), frame(tags))).toMatchObject({
      reason: 'too-many-tags',
      detail: '129 of at most 128',
    });
    expect(admit('value', request(), frame(tags.slice(1))).admitted).toBe(true);
  });

  it('turns down what nobody knows the dependencies of', () => {
    const opaque = frame();
    opaque.isOpaque = true;
    expect(admit('value', request(), opaque)).toMatchObject({ admitted: false, reason: 'policy-failed' });
  });

  it('turns down what would not come back as it is', () => {
    const admission = admit({ run: () => 1 }, request(), frame());
    expect(admission).toMatchObject({
      admitted: false,
      reason: 'not-encodable',
      detail: expect.stringContaining('$.run') as string,
    });
    expect(admit({ run: () => 1 }, request({ isolation: 'share' }), frame()).admitted).toBe(true);
  });

  it.each([
    ['an error', new Error('broken policy')],
    ['a text', 'broken policy'],
    ['an object without a prototype', Object.create(null)],
    ['an object that cannot be shown', { toString: () => fail('no text') }],
    ['a symbol', Symbol('broken policy')],
    ['nothing', undefined],
  ])('never throws, whatever a policy throws: %s', (_, thrown) => {
    const broken = (): never => fail(thrown);
    for (const options of [{ cacheIf: broken }, { ttlMs: broken }]) {
      expect(admit('value', request(options), frame())).toMatchObject({ admitted: false, reason: 'policy-failed' });
    }
  });
});

function fail(thrown: unknown): never {
  throw thrown;
}
