import { describe, expect, it } from 'vitest';

import { createToolCache, type ToolFunction } from '../src/index.ts';
import { eventLog } from './event-log.ts';

type Decorator = (method: never, context: ClassMethodDecoratorContext) => ToolFunction;

/** Applies a method decorator to a class, as a compiler does. */
function decorate(target: object, name: string, decorator: Decorator): void {
  const method = Reflect.get(target, name) as ToolFunction;
  const isStatic = typeof target === 'function';
  const context = {
    kind: 'method',
    name,
    static: isStatic,
    private: false,
    access: {
      has: (object: object) => name in object,
      get: (object: object) => Reflect.get(object, name) as ToolFunction,
    },
    metadata: {},
    addInitializer: () => undefined,
  } as unknown as ClassMethodDecoratorContext;
  const value = decorator(method as never, context);
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}

function givenShop(key?: (id: string) => unknown) {
  const log = eventLog();
  const cache = createToolCache({ onEvent: log.listener });
  class Shop {
    reads = 0;
    readonly name: string;
    readonly #secret = 'kept';

    constructor(name: string) {
      this.name = name;
    }

    async getCart(id: string): Promise<string> {
      this.reads += 1;
      return `${this.name} ${id} ${this.reads} ${this.#secret}`;
    }

    async addToCart(_id: string): Promise<string> {
      return `added to ${this.name}`;
    }

    static async describe(id: string): Promise<string> {
      return `a shop called ${id}`;
    }
  }
  const read = { scope: 'global', resource: (id: string) => ['cart', id], ...(key !== undefined && { key }) } as const;
  decorate(Shop.prototype, 'getCart', cache.readMethod(read));
  decorate(
    Shop.prototype,
    'addToCart',
    cache.writeMethod({ scope: 'global', invalidates: (id: string) => ['cart', id] }),
  );
  decorate(Shop, 'describe', cache.readMethod({ scope: 'global' }));
  return { log, cache, Shop };
}

describe('a decorated method', () => {
  it('is cached for its instance, and sees it as "this"', async () => {
    const { Shop } = givenShop();
    const shop = new Shop('corner');
    expect(await shop.getCart('u1')).toBe('corner u1 1 kept');
    expect(await shop.getCart('u1')).toBe('corner u1 1 kept');
    expect(await shop.getCart('u2')).toBe('corner u2 2 kept');
    expect(shop.reads).toBe(2);
  });

  it('shares no result with other instances', async () => {
    const { Shop } = givenShop();
    const [one, two] = [new Shop('one'), new Shop('two')];
    expect([await one.getCart('u1'), await two.getCart('u1')]).toEqual(['one u1 1 kept', 'two u1 1 kept']);
    expect([await one.getCart('u1'), await two.getCart('u1')]).toEqual(['one u1 1 kept', 'two u1 1 kept']);
  });

  it('shares results between instances where key says what identifies a call', async () => {
    const { Shop } = givenShop((id) => id);
    const [one, two] = [new Shop('one'), new Shop('two')];
    expect([await one.getCart('u1'), await two.getCart('u1')]).toEqual(['one u1 1 kept', 'one u1 1 kept']);
  });

  it('gives key the instance as "this"', async () => {
    const { Shop } = givenShop(function (this: unknown, id: string) {
      return [(this as { name: string }).name, id];
    });
    const [one, same, other] = [new Shop('a'), new Shop('a'), new Shop('b')];
    expect(await one.getCart('u1')).toBe('a u1 1 kept');
    expect(await same.getCart('u1')).toBe('a u1 1 kept');
    expect(await other.getCart('u1')).toBe('b u1 1 kept');
  });

  it('that writes invalidates for all instances', async () => {
    const { Shop, log } = givenShop();
    const [one, two] = [new Shop('one'), new Shop('two')];
    await one.getCart('u1');
    await two.getCart('u1');
    await two.getCart('u2');
    expect(await one.addToCart('u1')).toBe('added to one');
    expect(await one.getCart('u1')).toBe('one u1 2 kept');
    expect(await two.getCart('u1')).toBe('two u1 3 kept');
    expect(await two.getCart('u2')).toBe('two u2 2 kept');
    expect(log.of('resources-invalidated')).toMatchObject([{ toolName: 'addToCart', resources: [['cart', 'u1']] }]);
  });

  it('may be static', async () => {
    const { Shop, cache } = givenShop();
    expect([await Shop.describe('x'), await Shop.describe('x')]).toEqual(['a shop called x', 'a shop called x']);
    expect(cache.metrics()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('works in subclasses, also by super', async () => {
    const { Shop } = givenShop();
    class Bakery extends Shop {
      override async getCart(id: string): Promise<string> {
        return `bakery ${await super.getCart(id)}`;
      }
    }
    const bakery = new Bakery('corner');
    expect(await bakery.getCart('u1')).toBe('bakery corner u1 1 kept');
    expect(await bakery.getCart('u1')).toBe('bakery corner u1 1 kept');
  });

  it('is named after the method, unless it is given a name', async () => {
    const { log, Shop } = givenShop();
    await new Shop('corner').getCart('u1');
    expect(log.events[0]).toMatchObject({ toolName: 'getCart', args: ['u1'] });
    expect(new Shop('corner').getCart.name).toBe('getCart');
  });

  it('identifies a call for loop detection by its instance too', async () => {
    const { cache, Shop } = givenShop();
    const shops = [new Shop('one'), new Shop('two')];
    await cache.session({ maxToolRepeats: 2 }, async () => {
      for (const shop of shops) for (let call = 0; call < 2; call += 1) await shop.getCart('u1');
      await expect(shops[0]?.getCart('u1')).rejects.toMatchObject({ rule: 'repeats' });
    });
  });

  it('that is called without an instance runs past the cache', async () => {
    const { cache, log } = givenShop();
    class Greeter {
      async greet(name: string): Promise<string> {
        return `hello ${name}`;
      }
    }
    decorate(Greeter.prototype, 'greet', cache.readMethod({ scope: 'global' }));
    const { greet } = new Greeter();
    expect(await greet('Ada')).toBe('hello Ada');
    expect(log.of('call-bypassed')).toMatchObject([{ reason: 'not-keyable' }]);
  });

  it('may have a symbol for a name', async () => {
    const cache = createToolCache();
    const find = Symbol('find');
    const context = { kind: 'method', name: find } as unknown as ClassMethodDecoratorContext;
    const method = cache.readMethod({ scope: 'global' })(async () => 1, context);
    expect(await method.call({})).toBe(1);
  });
});
