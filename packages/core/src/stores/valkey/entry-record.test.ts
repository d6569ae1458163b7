import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readRecord, splitTags, TAG_SEPARATOR, writeRecord } from './entry-record.ts';

const HEAD = '1450359962737049700000000000000070000000000000009';

const record = fc.record({
  id: fc.stringMatching(/^[a-z0-9]{1,20}$/),
  opening: fc.stringMatching(/^\d{0,16}$/),
  tagText: fc.array(fc.stringMatching(/^[=*]g:[a-z/é]*$/)).map((tags) => tags.join(TAG_SEPARATOR)),
  retainMs: fc.nat(),
  ttlMs: fc.nat(),
  loadMs: fc.nat(),
  value: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
});

describe('an entry as bytes', () => {
  it('comes back as it went in, whatever its value holds', () => {
    fc.assert(
      fc.property(record, (written) => {
        const bytes = Buffer.concat([Buffer.from(HEAD), writeRecord(written)]);
        expect(readRecord(bytes)).toEqual({ epoch: '4503599627370497', stamp: 7, placed: 9, ...written });
      }),
    );
  });

  it.each([470, 480, 490, 500, 600, 5_000])('comes back with %i characters of tags, ASCII or not', (length) => {
    for (const letter of ['a', 'é', '漢']) {
      const tagText = `=g:${letter.repeat(length)}/`;
      const written = { id: 'a', opening: '', tagText, retainMs: 0, ttlMs: 1, loadMs: 1, value: Buffer.from('j"é"') };
      const bytes = Buffer.concat([Buffer.from(HEAD), writeRecord(written)]);
      expect(readRecord(bytes)).toMatchObject({ ...written });
      expect(readRecord(bytes.subarray(0, HEAD.length + length))).toBeUndefined();
    }
  });

  it('is none when it was cut off before its value, or is of another form', () => {
    const whole = Buffer.concat([
      Buffer.from(HEAD),
      writeRecord({ id: 'a', opening: '', tagText: '', retainMs: 0, ttlMs: 1, loadMs: 1, value: Buffer.from('j1') }),
    ]);
    for (let length = 0; length < whole.length - 2; length += 1)
      expect(readRecord(whole.subarray(0, length))).toBeUndefined();
    expect(readRecord(Buffer.from(`2${whole.toString().slice(1)}`))).toBeUndefined();
    expect(readRecord(Buffer.from(whole.toString().replace('0000000000000007', 'seven...........')))).toBeUndefined();
  });

  it('has no tags where there is no text of them', () => {
    expect([splitTags(''), splitTags(`a${TAG_SEPARATOR}b`)]).toEqual([[], ['a', 'b']]);
  });
});
