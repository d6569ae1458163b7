import { describe, expect, expectTypeOf, it } from 'vitest';

import {
  createCache,
  createToolCache,
  memoize,
  type Cache,
  type Execution,
  type KeepstepEvent,
  type ResourceInputs,
  type Session,
  type ToolOutcome,
} from '../src/index.ts';

interface Cart {
  readonly userId: string;
  items: string[];
}

const cache = createToolCache();
const fetchCart = async (userId: string, limit?: number): Promise<Cart> => ({ userId, items: [String(limit)] });

describe('a wrapped read', () => {
  it('keeps parameters and result', async () => {
    const getCart = cache.read(fetchCart, { name: 'get_cart', scope: 'global' });
    expectTypeOf(getCart).parameters.toEqualTypeOf<Parameters<typeof fetchCart>>();
    expectTypeOf(getCart).returns.toEqualTypeOf<Promise<Cart>>();
    expectTypeOf(getCart.with({})).parameters.toEqualTypeOf<Parameters<typeof fetchCart>>();
    expectTypeOf(getCart.with({})).returns.toEqualTypeOf<Promise<Cart>>();
    expectTypeOf(getCart.invalidate).parameters.toEqualTypeOf<Parameters<typeof fetchCart>>();
    expectTypeOf(getCart.invalidate).returns.toEqualTypeOf<Promise<boolean>>();
    expectTypeOf(getCart.explain).parameters.toEqualTypeOf<Parameters<typeof fetchCart>>();
    expect((await getCart('u1', 5)).items).toEqual(['5']);
    // @ts-expect-error the argument is a text
    void getCart(5);
  });

  it('of a synchronous function returns a promise', async () => {
    const add = cache.read((a: number, b: number) => a + b, { name: 'add', scope: 'global' });
    expectTypeOf(add).returns.toEqualTypeOf<Promise<number>>();
    expect(await add(1, 2)).toBe(3);
  });

  it('gives its options the types of arguments and result', async () => {
    const getCart = cache.read(fetchCart, {
      name: 'typed_cart',
      scope: 'global',
      resource(userId, limit) {
        expectTypeOf(userId).toEqualTypeOf<string>();
        expectTypeOf(limit).toEqualTypeOf<number | undefined>();
        return ['cart', userId];
      },
      resultResource(result, userId) {
        expectTypeOf(result).toEqualTypeOf<Cart>();
        expectTypeOf(userId).toEqualTypeOf<string>();
        return result.items;
      },
      ttl(result, userId) {
        expectTypeOf(result).toEqualTypeOf<Cart>();
        expectTypeOf(userId).toEqualTypeOf<string>();
        return '1m';
      },
      cacheIf(result) {
        expectTypeOf(result).toEqualTypeOf<Cart>();
        return true;
      },
      key(userId) {
        expectTypeOf(userId).toEqualTypeOf<string>();
        return userId;
      },
      loop: {
        key(userId) {
          expectTypeOf(userId).toEqualTypeOf<string>();
          return userId;
        },
        resultKey(result) {
          expectTypeOf(result).toEqualTypeOf<Cart>();
          return result.items;
        },
        poll: true,
      },
    });
    expect(await cache.session({}, () => getCart('u1'))).toEqual({ userId: 'u1', items: ['undefined'] });
  });

  it('refuses options that do not fit, before the program runs', () => {
    // @ts-expect-error a number is not part of a path
    expect(() => cache.read(fetchCart, { name: 'a', resource: ['cart', 5] })).toThrow('resource');
    // @ts-expect-error there is no such scope
    expect(() => cache.read(fetchCart, { name: 'b', scope: 'world' })).toThrow('scope');
    // @ts-expect-error there is no such unit
    expect(() => cache.read(fetchCart, { name: 'c', ttl: '5y' })).toThrow('ttl');
    // @ts-expect-error misspelt
    expect(() => cache.read(fetchCart, { name: 'd', resources: 'cart' })).toThrow('resources');
    // @ts-expect-error a write has to say what it changes
    expect(() => cache.write(fetchCart, { name: 'e' })).toThrow('invalidates');
  });
});

describe('a wrapped write', () => {
  it('keeps parameters and result', async () => {
    const add = cache.write(async (userId: string, item: string) => [userId, item] as const, {
      name: 'add',
      invalidates(userId, item) {
        expectTypeOf(userId).toEqualTypeOf<string>();
        expectTypeOf(item).toEqualTypeOf<string>();
        return [['cart', userId], 'stock'];
      },
    });
    expectTypeOf(add).parameters.toEqualTypeOf<[userId: string, item: string]>();
    expectTypeOf(add).returns.toEqualTypeOf<Promise<readonly [string, string]>>();
    expectTypeOf(add.invalidate).returns.toEqualTypeOf<Promise<void>>();
    expect(await add('u1', 'x')).toEqual(['u1', 'x']);
  });
});

describe('call', () => {
  it('returns an outcome of what was executed', async () => {
    const policy = { kind: 'read', scope: 'global' } as const;
    const outcome = await cache.call({ toolName: 'typed', args: [] }, policy, (execution) => {
      expectTypeOf(execution).toEqualTypeOf<Execution>();
      return 5;
    });
    expectTypeOf(outcome).toEqualTypeOf<ToolOutcome<number>>();
    const later = await cache.call({ toolName: 'typed later', args: [] }, policy, async () => 'text');
    expectTypeOf(later).toEqualTypeOf<ToolOutcome<string>>();
    expect([outcome.value, later.value]).toEqual([5, 'text']);
  });
});

describe('session', () => {
  it('returns what its callback returns', async () => {
    const sync = cache.session({}, (session) => {
      expectTypeOf(session).toEqualTypeOf<Session>();
      return 5;
    });
    expectTypeOf(sync).toEqualTypeOf<Promise<number>>();
    expectTypeOf(cache.session({}, async () => 'text')).toEqualTypeOf<Promise<string>>();
    const open = cache.openSession();
    expectTypeOf(open.run(() => 5)).toEqualTypeOf<number>();
    expectTypeOf(open.run(async () => 5)).toEqualTypeOf<Promise<number>>();
    expect(await sync).toBe(5);
  });
});

describe('a general-purpose cache', () => {
  it('knows its keys and values', async () => {
    const users = createCache<number, { name: string }>({
      load(id) {
        expectTypeOf(id).toEqualTypeOf<number>();
        return { name: `user ${id}` };
      },
    });
    expectTypeOf(users).toEqualTypeOf<Cache<number, { name: string }>>();
    const found = await users.get(1, { load: () => ({ name: 'Ada' }) });
    expectTypeOf(found).toEqualTypeOf<{ name: string }>();
    expectTypeOf(await users.get(1)).toEqualTypeOf<{ name: string } | undefined>();
    // @ts-expect-error the key is a number
    void users.has('1');
    // @ts-expect-error the value has a name
    await expect(users.set(1, {})).resolves.toBeUndefined();
  });

  it('takes the type of a value from its loader', async () => {
    const anything = createCache();
    expectTypeOf(await anything.get('k', { load: () => 5 })).toEqualTypeOf<number>();
    expectTypeOf(await anything.get('k2', { load: async () => 'text' })).toEqualTypeOf<string>();
    expect(await anything.get('k')).toBe(5);
  });
});

describe('memoize', () => {
  it('keeps parameters and result', async () => {
    const cached = memoize((id: number, text: string) => ({ id, text }), { skipArgs: 1 });
    expectTypeOf(cached).parameters.toEqualTypeOf<[id: number, text: string]>();
    expectTypeOf(cached).returns.toEqualTypeOf<Promise<{ id: number; text: string }>>();
    expect(await cached(1, 'a')).toEqual({ id: 1, text: 'a' });
  });

  it('gives cacheIf the type of the result', async () => {
    const cached = memoize((id: number) => ({ id }), {
      cacheIf(result) {
        expectTypeOf(result).toEqualTypeOf<{ id: number }>();
        return true;
      },
    });
    expect(await cached(1)).toEqual({ id: 1 });
  });
});

describe('events and resources', () => {
  it('are told apart by type', () => {
    const reasons: string[] = [];
    const listen = (event: KeepstepEvent): void => {
      if (event.type === 'call-bypassed') reasons.push(event.reason);
      // @ts-expect-error only events about calls have arguments
      if (event.type === 'session-start') reasons.push(event.args);
    };
    expectTypeOf(listen).toBeFunction();
    expectTypeOf<'cart'>().toExtend<ResourceInputs>();
    expectTypeOf<readonly ['cart', string]>().toExtend<ResourceInputs>();
    expectTypeOf<readonly (readonly string[])[]>().toExtend<ResourceInputs>();
    expectTypeOf<readonly [string, number]>().not.toExtend<ResourceInputs>();
    expect(reasons).toEqual([]);
  });
});
