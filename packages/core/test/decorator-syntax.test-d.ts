import { createToolCache } from '../src/index.ts';

// Checks the types; `decorator-syntax.test.ts` runs the syntax.
const cache = createToolCache();

interface Cart {
  readonly items: string[];
}

/** Shows that decorated methods keep their types, and options see them. */
export class Shop {
  @cache.readMethod({ scope: 'global', resource: (userId) => ['cart', userId.trim()], ttl: '1m' })
  async getCart(userId: string): Promise<Cart> {
    return { items: [userId] };
  }

  @cache.readMethod({ resultResource: (cart: Cart) => cart.items, cacheIf: (cart: Cart) => cart.items.length > 0 })
  async findCart(text: string, limit: number): Promise<Cart> {
    return { items: [text, String(limit)] };
  }

  @cache.writeMethod({ scope: 'global', invalidates: (userId) => ['cart', userId] })
  async addToCart(userId: string, item: string): Promise<boolean> {
    return userId !== item;
  }

  // @ts-expect-error a number is not part of a path
  @cache.writeMethod({ scope: 'global', invalidates: (order) => ['order', order] })
  async ship(order: number): Promise<void> {
    await Promise.resolve(order);
  }
}

const shop = new Shop();
/** Is what the compiler makes of a call. */
export const cart: Promise<Cart> = shop.getCart('user_1');
// @ts-expect-error the argument is a text
void shop.getCart(5);
