import type { Argument } from './argument.ts';

/** Is the tool behind the caches. It answers at once, and counts how often it was really called. */
export class Tool {
  calls = 0;
  readonly #answer: (argument: Argument) => unknown;

  constructor(answer: (argument: Argument) => unknown) {
    this.#answer = answer;
  }

  readonly load = async (argument: Argument): Promise<unknown> => {
    this.calls += 1;
    return this.#answer(argument);
  };
}

/** Answers with a text. */
export function textAnswer(argument: Argument): string {
  return ['The cart of', userOf(argument), 'holds 3 items and comes to 74.97 EUR.'].join(' ');
}

/** Answers with a small object. */
export function smallAnswer(argument: Argument): object {
  return { user: [userOf(argument), 'cart'].join('/'), items: 3, total: 74.97, open: true };
}

/** Answers with an object of about 1 KB of JSON, nested as the answers of real tools are. */
export function largeAnswer(argument: Argument): object {
  const user = userOf(argument);
  return {
    order: {
      id: [user, 'order', 1].join('-'),
      status: 'processing',
      placedAt: '2026-11-21T09:30:00.000Z',
      total: 389.85,
    },
    customer: {
      id: user,
      name: 'Ada Lovelace',
      email: [user, 'example.com'].join('@'),
      tier: 'gold',
      newsletter: false,
    },
    address: { street: '12 St James Square', city: 'London', zip: 'SW1Y 4JH', country: 'GB' },
    items: ['kettle', 'teapot', 'cup', 'saucer', 'spoon'].map((name, place) => ({
      sku: [name, user].join('-'),
      name,
      quantity: place + 1,
      price: 25.99,
      options: { colour: 'blue', giftWrap: place === 2 },
    })),
    notes: [
      'Leave the parcel with the neighbour at number 14.',
      'Ring twice, the bell is not loud.',
      'No delivery on Fridays.',
    ],
  };
}

function userOf(argument: Argument): string {
  return typeof argument === 'string' ? argument : argument.userId;
}
