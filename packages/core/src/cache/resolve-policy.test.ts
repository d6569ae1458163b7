import { describe, expect, it } from 'vitest';

import { resolvePolicy, resolveReadPolicy, resolveWritePolicy } from './resolve-policy.ts';

const defaults = { ttlMs: 300_000, sharedStore: false };

describe('resolveReadPolicy', () => {
  it('fills in every default', () => {
    const policy = resolveReadPolicy({}, defaults);
    expect(policy).toMatchObject({
      kind: 'read',
      scope: 'session',
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: 0,
      earlyRefresh: 0,
      isolation: 'copy',
      version: '1',
      resultResources: undefined,
      cacheIf: undefined,
      key: undefined,
      loop: undefined,
    });
    expect(policy.resources(['any'])).toEqual([]);
    expect(policy.ttlMs('result', [])).toBe(300_000);
  });

  it.each([
    ['cart', [['cart']]],
    [['cart', 'u1'], [['cart', 'u1']]],
    [
      [['cart'], 'stock', ['user', '1']],
      [['cart'], ['stock'], ['user', '1']],
    ],
    [(id: string) => ['cart', id], [['cart', 'u1']]],
    [(id: string) => [['cart', id], 'stock'], [['cart', 'u1'], ['stock']]],
  ])('turns every form of a resource into paths: %o', (resource, paths) => {
    expect(resolveReadPolicy({ resource: resource as never }, defaults).resources(['u1'])).toEqual(paths);
  });

  it('computes time and resources from the result', () => {
    const policy = resolveReadPolicy(
      {
        ttl: (result: { seconds: number }, id: string) => `${result.seconds + id.length}s`,
        resultResource: (result: { owner: string }, id: string) => [
          ['user', result.owner],
          ['item', id],
        ],
      },
      defaults,
    );
    expect(policy.ttlMs({ seconds: 3 }, ['u1'])).toBe(5_000);
    expect(policy.resultResources?.({ owner: 'ada' }, ['u1'])).toEqual([
      ['user', 'ada'],
      ['item', 'u1'],
    ]);
    expect(() => policy.ttlMs({ seconds: -9 }, ['u1'])).toThrow('ttl');
  });

  it('keeps what is given', () => {
    const [cacheIf, key] = [() => true, () => 1];
    const given = { scope: 'user', isolation: 'freeze', version: '2', cacheIf, key } as const;
    const times = { staleWhileRevalidate: '1s', staleIfError: '2s', ttl: '3s', earlyRefresh: true } as const;
    const policy = resolveReadPolicy({ ...given, ...times }, defaults);
    expect(policy).toMatchObject({ ...given, staleWhileRevalidateMs: 1_000, staleIfErrorMs: 2_000, earlyRefresh: 1 });
    expect(policy.ttlMs('result', [])).toBe(3_000);
    expect(resolveReadPolicy({ earlyRefresh: 0.5 }, defaults).earlyRefresh).toBe(0.5);
  });

  it('does not hold on to the arrays it was given', () => {
    const resource = ['cart', 'u1'];
    const policy = resolveReadPolicy({ resource }, defaults);
    resource[1] = 'u2';
    expect(policy.resources([])).toEqual([['cart', 'u1']]);
  });
});

describe('resolveWritePolicy', () => {
  it('has a barrier by default on a shared store alone', () => {
    const barrier = (options: object, sharedStore: boolean): number =>
      resolveWritePolicy({ invalidates: 'cart', ...options }, { ...defaults, sharedStore }).barrierMs;
    expect([barrier({}, false), barrier({}, true)]).toEqual([0, 30_000]);
    expect([barrier({ barrier: false }, true), barrier({ barrier: { maxDuration: '5s' } }, false)]).toEqual([0, 5_000]);
  });

  it('is of scope "session" by default', () => {
    const policy = resolveWritePolicy({ invalidates: (id: string) => ['cart', id] }, defaults);
    expect(policy).toMatchObject({ kind: 'write', scope: 'session', key: undefined, loop: undefined });
    expect(policy.resources(['u1'])).toEqual([['cart', 'u1']]);
  });
});

describe('resolvePolicy', () => {
  it('goes by the kind', () => {
    expect(resolvePolicy({ kind: 'read', scope: 'global' }, defaults)).toMatchObject({ kind: 'read', scope: 'global' });
    expect(resolvePolicy({ kind: 'write', invalidates: 'x' }, defaults)).toMatchObject({ kind: 'write' });
    expect(resolvePolicy({ kind: 'other', loop: { exempt: true } }, defaults)).toMatchObject({
      kind: 'other',
      loop: { exempt: true },
    });
  });

  it.each([{}, { kind: 'reed' }, { kind: undefined }])('refuses %j', (policy) => {
    expect(() => resolvePolicy(policy as never, defaults)).toThrow('"kind"');
  });
});
