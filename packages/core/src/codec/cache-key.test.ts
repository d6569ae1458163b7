import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cacheKey, cacheKeyPrefix } from './cache-key.ts';
import { encodeArguments } from './canonical-encoding.ts';
import { hashKey } from './key-hash.ts';

const separators = fc.string({ unit: fc.constantFrom('0', '1', '2', ':', ';', '[', ']', 's', ' '), maxLength: 6 });
const parts = fc.record({ namespace: separators, partition: separators, tool: separators, version: separators });

describe('cacheKey', () => {
  it('differs for any two calls that differ, whatever separators their parts contain', () => {
    const call = fc.tuple(parts, fc.array(separators, { maxLength: 2 }));
    fc.assert(
      fc.property(call, call, ([parts1, args1], [parts2, args2]) => {
        const same = JSON.stringify([parts1, args1]) === JSON.stringify([parts2, args2]);
        const key1 = cacheKey(cacheKeyPrefix(parts1), encodeArguments(args1));
        const key2 = cacheKey(cacheKeyPrefix(parts2), encodeArguments(args2));
        expect(key1 === key2).toBe(same);
      }),
      { numRuns: 20_000 },
    );
  });

  it('keeps apart parts that read the same when they are joined', () => {
    const shared = { partition: 'global', version: '1' };
    const one = cacheKeyPrefix({ namespace: 'a', tool: 'b:c', ...shared });
    const other = cacheKeyPrefix({ namespace: 'a:b', tool: 'c', ...shared });
    expect(one).not.toBe(other);
  });
});

describe('hashKey', () => {
  it.each([
    ['', '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'],
    ['a', '_-mq6qKi1QSBdN8LgFme8Bl-wCTEsFG8mGDP9Y73-fM'],
    ['4:shop6:global8:get_cart1:1[s6:user_1]', 'H6NhyzVThCaNoN37ohuaRTpT6ej__wzexn-sHKNvQjI'],
    ['\ud800', 'IFAi40KLfIJ2zyR7NuTlEttWUeXLNHLCU9nuiTqKx1A'],
    ['\ufffd', 'FcxE2l4pRyGg_BbI-5UjgtTcUduqKJUNmQOs-6wMzuU'],
  ])('keeps the hash of %j, since stored entries depend on it', (key, expected) => {
    expect(hashKey(key)).toBe(expected);
  });

  it('is a whole SHA-256', () => {
    const expected = createHash('sha256').update('key', 'utf16le').digest();
    expect(Buffer.from(hashKey('key'), 'base64url')).toEqual(expected);
  });

  it('keeps apart two orders that collide under a short hash', () => {
    const orders = ['{"order_id": 4719911}', '{"order_id": 13814024}'] as const;
    const [short1, short2] = orders.map((order) => createHash('md5').update(order).digest('hex').slice(0, 12));
    expect(short1).toBe(short2);

    expect(hashKey(orders[0])).not.toBe(hashKey(orders[1]));
    const prefix = cacheKeyPrefix({ namespace: 'shop', partition: 'global', tool: 'get_order', version: '1' });
    const [key1, key2] = orders.map((order) => hashKey(cacheKey(prefix, encodeArguments([JSON.parse(order)]))));
    expect(key1).not.toBe(key2);
  });

  it('keeps apart strings that UTF-8 would merge', () => {
    expect(Buffer.from('\ud800')).toEqual(Buffer.from('\udfff'));
    expect(hashKey('\ud800')).not.toBe(hashKey('\udfff'));
  });
});
