import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compressorOf, type Compression } from './compression.ts';
import { KeyRing } from './key-ring.ts';
import { Sealer } from './sealer.ts';

const one = { id: 'one', key: randomBytes(32) };
const two = { id: 'two', key: randomBytes(32) };
const place = ['value', 'default', 'thread', '', 'channel'];

function sealerWith(keys: readonly { id: string; key: Uint8Array }[] | undefined, compression?: Compression): Sealer {
  return new Sealer(compression && compressorOf(compression), keys && new KeyRing({ keys }));
}

const compressions = [undefined, 'gzip', 'brotli', 'zstd'] as const;

describe('Sealer', () => {
  it.each(compressions.flatMap((compression) => [[undefined, compression] as const, [[one], compression] as const]))(
    'returns any bytes as they were, with keys %j and compression %s',
    async (keys, compression) => {
      const sealer = sealerWith(keys, compression);
      const long = Buffer.from('a long text that is full of long texts '.repeat(1_000));
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 2_000 }), fc.constant(long)), async (bytes) => {
          // Bytes with this first one are never a serialiser's.
          fc.pre(bytes[0] !== 0xff || keys !== undefined);
          const opened = await sealer.open(await sealer.seal(bytes, place), place, 'it');
          expect(Buffer.compare(opened, bytes)).toBe(0);
        }),
        { numRuns: 50 },
      );
    },
  );

  it.each(['gzip', 'brotli', 'zstd'] as const)(
    'stores less with %s, and leaves short texts alone',
    async (compression) => {
      const sealer = sealerWith(undefined, compression);
      const long = Buffer.from('so it goes '.repeat(1_000));
      expect((await sealer.seal(long, place)).length).toBeLessThan(long.length / 10);
      const short = Buffer.from('so it goes');
      expect(await sealer.seal(short, place)).toBe(short);
    },
  );

  it('stores nothing that can be read, and the same text never in the same way', async () => {
    const sealer = sealerWith([one]);
    const text = Buffer.from('the secret of ann');
    const [first, second] = [await sealer.seal(text, place), await sealer.seal(text, place)];
    expect(Buffer.from(first).includes('secret')).toBe(false);
    expect(Buffer.compare(first, second)).not.toBe(0);
  });

  it('opens what older keys have encrypted, and encrypts with the first one', async () => {
    const old = await sealerWith([one]).seal(Buffer.from('text'), place);
    const rotated = sealerWith([two, one]);
    expect(String(await rotated.open(old, place, 'it'))).toBe('text');
    const fresh = await rotated.seal(Buffer.from('text'), place);
    expect(String(await sealerWith([two]).open(fresh, place, 'it'))).toBe('text');
  });

  it('names the key that is missing', async () => {
    const bytes = await sealerWith([one]).seal(Buffer.from('text'), place);
    const error = { code: 'data_corrupt', message: expect.stringContaining('needs the key "one"') as string };
    await expect(sealerWith([two]).open(bytes, place, 'it')).rejects.toMatchObject(error);
    await expect(sealerWith(undefined).open(bytes, place, 'it')).rejects.toMatchObject(error);
  });

  it('refuses another key under the same id', async () => {
    const bytes = await sealerWith([one]).seal(Buffer.from('text'), place);
    const other = sealerWith([{ id: 'one', key: two.key }]);
    await expect(other.open(bytes, place, 'it')).rejects.toMatchObject({ code: 'data_corrupt' });
  });

  it('opens nothing in another place, whatever parts the place is made of', async () => {
    const sealer = sealerWith([one]);
    const bytes = await sealer.seal(Buffer.from('text'), ['value', 'a', 'bc']);
    for (const other of [
      ['value', 'a', 'bd'],
      ['value', 'ab', 'c'],
      ['value', 'a', 'b', 'c'],
      ['record', 'a', 'bc'],
    ]) {
      await expect(sealer.open(bytes, other, 'it')).rejects.toMatchObject({ code: 'data_corrupt' });
    }
  });

  it.each(compressions)('notices each byte that is changed and each cut, with compression %s', async (compression) => {
    const sealer = sealerWith([one], compression);
    const bytes = Buffer.from(await sealer.seal(Buffer.from('text '.repeat(100)), place));
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      await expect(sealer.open(changed, place, 'it')).rejects.toMatchObject({ code: 'data_corrupt' });
      await expect(sealer.open(bytes.subarray(0, at), place, 'it')).rejects.toMatchObject({ code: 'data_corrupt' });
    }
  });

  it('refuses what is not encrypted, unless it is told to let it through', async () => {
    const plain = Buffer.from('json\n{}');
    const pressed = await sealerWith(undefined, 'gzip').seal(Buffer.from('text '.repeat(100)), place);
    const lenient = new Sealer(undefined, new KeyRing({ keys: [one], allowUnencrypted: true }));
    for (const bytes of [plain, pressed]) {
      await expect(sealerWith([one]).open(bytes, place, 'it')).rejects.toMatchObject({ code: 'data_corrupt' });
      await expect(lenient.open(bytes, place, 'it')).resolves.toBeInstanceOf(Uint8Array);
    }
  });

  it('lets no envelope grow beyond the length that it tells', async () => {
    const sealer = sealerWith(undefined, 'gzip');
    const bytes = Buffer.from(await sealer.seal(Buffer.alloc(1_000_000), place));
    bytes.writeUInt32BE(1_000, 4);
    await expect(sealer.open(bytes, place, 'it')).rejects.toMatchObject({ code: 'data_corrupt' });
  });
});

describe('KeyRing', () => {
  it('reads keys from texts', () => {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      const text = new KeyRing({ keys: [{ id: 'one', key: one.key.toString(encoding) }] });
      expect(text.current.secret).toEqual(new KeyRing({ keys: [one] }).current.secret);
    }
  });

  it('refuses what is no key, and shows none', () => {
    const secret = 'correct horse battery staple';
    for (const keys of [
      [],
      [{ id: 'one', key: secret }],
      [{ id: 'one', key: new Uint8Array(16) }],
      [{ id: '', key: one.key }],
      [one, { id: 'one', key: two.key }],
      secret,
      [secret],
    ]) {
      const build = (): KeyRing => new KeyRing({ keys: keys as never });
      expect(build).toThrow('encryption.keys');
      expect(build).not.toThrow(secret);
    }
    expect(() => new KeyRing({ key: secret } as never)).toThrow('encryption.key');
    expect(() => new KeyRing({ key: secret } as never)).not.toThrow(secret);
  });
});
