import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { RespScanner } from './resp-scanner.ts';

const VALUES = [
  { text: '*2\r\n$3\r\nGET\r\n$1\r\nk\r\n', words: ['GET', 'k'] },
  { text: '$-1\r\n', words: [] },
  { text: '$4\r\n\r\n\r\n\r\n', words: ['\r\n\r\n'] },
  { text: ':17\r\n', words: [] },
  { text: '*-1\r\n', words: [] },
  { text: '*3\r\n:1\r\n*1\r\n+x\r\n$0\r\n\r\n', words: [''] },
  { text: '-ERR no\r\n', words: [] },
];

describe('RespScanner', () => {
  it('finds the same values however the bytes are cut', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...VALUES), { maxLength: 12 }), cuts, (values, sizes) => {
        const scanner = new RespScanner();
        let rest = Buffer.from(values.map(({ text }) => text).join(''));
        const found: { text: string; words: readonly string[] }[] = [];
        for (let turn = 0; rest.length > 0; turn += 1) {
          const size = sizes[turn % sizes.length] as number;
          for (const { bytes, words } of scanner.push(rest.subarray(0, size)))
            found.push({ text: bytes.toString(), words });
          rest = rest.subarray(size);
        }
        expect(found).toEqual(values);
      }),
    );
  });

  it('refuses what is no RESP2', () => {
    expect(() => new RespScanner().push(Buffer.from('%1\r\n'))).toThrow('This is no RESP2: a value starts with "%".');
  });
});
