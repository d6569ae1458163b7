import { describe, expect, it, vi } from 'vitest';

import { createToolCache, type ToolCache } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { eventLog } from './event-log.ts';
import { heldTool } from './held-tool.ts';
import { quiescence } from './quiescence.ts';

const GLOBAL = { scope: 'global' } as const;

function givenPrice() {
  const log = eventLog();
  const cache = createToolCache({ onEvent: log.listener });
  let price = 10;
  const fetchPrice = vi.fn(async (_id: string) => price);
  return {
    cache,
    log,
    fetchPrice,
    getPrice: cache.read(fetchPrice, { name: 'get_price', ...GLOBAL, resource: (id) => ['price', id] }),
    change(next: number) {
      price = next;
    },
  };
}

/** Wraps a read around another one: what it depends on is known only from what it calls. */
function readAround(cache: ToolCache, inner: () => Promise<number>) {
  return cache.read(async () => `costs ${await inner()}`, { name: 'quote', ...GLOBAL });
}

describe('a result that was computed from another read', () => {
  it.each([
    ['a miss', async () => undefined],
    ['a hit', async (getPrice: (id: string) => Promise<number>) => void (await getPrice('a'))],
    ['a load it joined', async (getPrice: (id: string) => Promise<number>) => void getPrice('a')],
  ])('dies with the data behind %s', async (_, prepare) => {
    const { cache, getPrice, change } = givenPrice();
    const quote = readAround(cache, () => getPrice('a'));
    await prepare(getPrice);
    expect(await quote()).toBe('costs 10');
    change(12);
    await cache.invalidate(['price', 'a']);
    expect(await quote()).toBe('costs 12');
  });

  it('dies with the data behind a read that ran past the cache', async () => {
    const { cache, change, fetchPrice } = givenPrice();
    const getPrice = cache.read(async (_id: string, _now: () => void) => fetchPrice('a'), {
      name: 'uncached_price',
      ...GLOBAL,
      resource: (id) => ['price', id],
    });
    const quote = readAround(cache, () => getPrice('a', () => undefined));
    await quote();
    change(12);
    await cache.invalidate(['price', 'a']);
    expect(await quote()).toBe('costs 12');
  });

  it('dies through several levels, Promise.all and timers', async () => {
    const { cache, getPrice, change } = givenPrice();
    const sum = cache.read(
      async () => {
        const later = new Promise<number>((resolve) => setImmediate(() => resolve(getPrice('b'))));
        const [a, b] = await Promise.all([getPrice('a'), later]);
        return a + b;
      },
      { name: 'sum', ...GLOBAL },
    );
    const quote = readAround(cache, sum);
    expect(await quote()).toBe('costs 20');
    change(12);
    await cache.invalidate(['price', 'b']);
    expect(await quote()).toBe('costs 22');
  });

  it('survives changes of other data', async () => {
    const { cache, getPrice, change } = givenPrice();
    const quote = readAround(cache, () => getPrice('a'));
    await quote();
    change(12);
    await cache.invalidate(['price', 'b']);
    expect(await quote()).toBe('costs 10');
  });

  it('is not stored when that data changes before it is complete', async () => {
    const { cache, log, getPrice, change } = givenPrice();
    const format = heldTool<[number], string>();
    const quote = cache.read(async () => format(await getPrice('a')), { name: 'quote', ...GLOBAL });
    const early = quote();
    const formatting = await format.call(0);
    change(12);
    await cache.invalidate(['price', 'a']);
    formatting.answer('costs 10');
    expect(await early).toBe('costs 10');
    expect(log.of('entry-superseded')).toMatchObject([{ toolName: 'quote', reason: 'invalidated' }]);
    const late = quote();
    const again = await format.call(1);
    expect(again.args).toEqual([12]);
    again.answer('costs 12');
    expect(await late).toBe('costs 12');
  });

  it.each<[string, (cache: ToolCache, inner: () => Promise<number>) => () => Promise<number>]>([
    ['a write', (cache, inner) => cache.write(inner, { name: 'record', ...GLOBAL, invalidates: 'records' })],
    [
      'a tool that is neither read nor write',
      (cache, inner) => async () => (await cache.call({ toolName: 'ask', args: [] }, { kind: 'other' }, inner)).value,
    ],
  ])('dies with the data behind a read that %s inside made', async (_, between) => {
    const { cache, getPrice, change } = givenPrice();
    const quote = readAround(
      cache,
      between(cache, () => getPrice('a')),
    );
    await quote();
    change(12);
    await cache.invalidate(['price', 'a']);
    expect(await quote()).toBe('costs 12');
  });

  it('dies with the data behind a read that a sub-agent made in a session of its own', async () => {
    const { cache, getPrice, change } = givenPrice();
    const quote = readAround(cache, () => cache.session({ id: 'sub-agent' }, () => getPrice('a')));
    await quote();
    change(12);
    await cache.invalidate(['price', 'a']);
    expect(await quote()).toBe('costs 12');
  });

  it('dies with what either policy of a tool declares that was wrapped twice', async () => {
    const { cache, fetchPrice, change } = givenPrice();
    const loose = cache.read(fetchPrice, { name: 'price', ...GLOBAL });
    const exact = cache.read(fetchPrice, { name: 'price', ...GLOBAL, resource: (id) => ['price', id] });
    await loose('a');
    const quote = readAround(cache, () => exact('a'));
    expect(await quote()).toBe('costs 10');
    change(12);
    await cache.invalidate(['price', 'a']);
    expect(await exact('a')).toBe(12);
    expect(await quote()).toBe('costs 12');
  });
});

describe('a result that was computed from a narrower scope', () => {
  function givenSecret() {
    const { cache, log } = givenPrice();
    const fetchSecret = vi.fn(async () => fetchSecret.mock.calls.length);
    const getSecret = cache.read(fetchSecret, { name: 'get_secret', scope: 'session', resource: 'secret' });
    return { cache, log, fetchSecret, getSecret, leak: readAround(cache, getSecret) };
  }

  it('is never stored where others could see it', async () => {
    const { cache, log, leak } = givenSecret();
    expect(await cache.session({ id: 'a' }, () => leak())).toBe('costs 1');
    expect(await cache.session({ id: 'b' }, () => leak())).toBe('costs 2');
    const rejections = log.of('entry-rejected');
    expect(rejections.map(({ reason }) => reason)).toEqual(['narrower-scope', 'narrower-scope']);
    expect(rejections[0]?.detail).toContain('"session"');
  });

  it('is not stored either when the narrow read was a hit, or ran past the cache', async () => {
    const { cache, leak, getSecret } = givenSecret();
    await cache.session({ id: 'a' }, async () => {
      await getSecret();
      expect(await leak()).toBe('costs 1');
    });
    expect(await leak()).toBe('costs 2');
    expect(await leak()).toBe('costs 3');
  });

  it('is not stored either when a sub-agent made the narrow read', async () => {
    const { cache, getSecret } = givenSecret();
    const leak = readAround(cache, () => cache.session({ id: 'sub-agent' }, () => getSecret()));
    expect(await leak()).toBe('costs 1');
    expect(await leak()).toBe('costs 2');
  });

  it('is never handed to another session that has joined the load', async () => {
    const { cache } = givenSecret();
    const fetchSecret = heldTool<[], number>();
    const getSecret = cache.read(fetchSecret, { name: 'held_secret', scope: 'session' });
    const leak = readAround(cache, getSecret);
    const inA = cache.session({ id: 'a' }, () => leak());
    const forA = await fetchSecret.call(0);
    const inB = cache.session({ id: 'b' }, () => leak());
    await quiescence();
    forA.answer(1);
    expect(await inA).toBe('costs 1');
    (await fetchSecret.call(1)).answer(2);
    expect(await inB).toBe('costs 2');
  });

  it('is as fresh as the other session says, also after that one has ended', async () => {
    const { cache } = givenSecret();
    const [mine, other] = [cache.openSession({ id: 'mine' }), cache.openSession({ id: 'other' })];
    let note = 'first';
    const getNote = cache.read(async () => note, { name: 'get_note', resource: 'note' });
    const readOther = async (): Promise<string> => (other.ended ? 'nothing' : other.run(() => getNote()));
    const summary = cache.read(readOther, { name: 'summary', scope: 'session' });
    expect(await mine.run(() => summary())).toBe('first');
    note = 'second';
    await other.invalidate('note');
    await other.end();
    expect(await mine.run(() => summary())).toBe('nothing');
  });

  it('is stored in a scope that is as narrow', async () => {
    const { cache, getSecret, fetchSecret } = givenSecret();
    const summary = cache.read(async () => `secret ${await getSecret()}`, { name: 'summary' });
    await cache.session({ id: 'a' }, async () => {
      expect(await summary()).toBe('secret 1');
      expect(await summary()).toBe('secret 1');
    });
    expect(await cache.session({ id: 'b' }, () => summary())).toBe('secret 2');
    expect(fetchSecret).toHaveBeenCalledTimes(2);
  });
});

describe('a nested read', () => {
  it('never serves a value past its ttl, which the result around it would hide', async () => {
    const clock = manualClock();
    const cache = createToolCache({ clock });
    let price = 10;
    const options = { name: 'price', ...GLOBAL, ttl: '1m', staleWhileRevalidate: '1h', staleIfError: '1h' } as const;
    const getPrice = cache.read(async () => price, options);
    const quote = cache.read(async () => `costs ${await getPrice()}`, { name: 'quote', ...GLOBAL, ttl: '1s' });
    await getPrice();
    price = 12;
    await clock.advance(90_000);
    expect(await quote()).toBe('costs 12');
    await clock.advance(90_000);
    price = 14;
    expect(await getPrice()).toBe(12);
    await quiescence();
    expect(await getPrice()).toBe(14);
  });

  it('fails rather than answer with a value past its ttl', async () => {
    const clock = manualClock();
    const cache = createToolCache({ clock });
    const fetchPrice = vi.fn(async () => 10);
    const getPrice = cache.read(fetchPrice, { name: 'price', ...GLOBAL, ttl: '1m', staleIfError: '1h' });
    const quote = readAround(cache, getPrice);
    await getPrice();
    await clock.advance(90_000);
    fetchPrice.mockRejectedValue(new Error('the provider is down'));
    await expect(quote()).rejects.toThrow('the provider is down');
    expect(await getPrice()).toBe(10);
  });
});
