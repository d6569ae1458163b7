import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { contentOf, textOf, valueOf, valueOfContent, type ValueRules } from './value-text.ts';

const RULES: ValueRules = { maxBytes: 1_000_000, credentials: 'refuse' };
const CYCLE: unknown[] = [];
CYCLE.push(CYCLE);
const GAP: unknown[] = [1];
GAP[2] = 3;
const SHARED = { a: 1 };

describe('contentOf and valueOfContent', () => {
  it('return any plain data as it went in', () => {
    const value = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true });
    fc.assert(
      fc.property(value, (given) => {
        fc.pre(!JSON.stringify(Object.keys(Object(given))).includes('__proto__'));
        let content;
        try {
          content = contentOf(given, RULES, 'x');
        } catch (error) {
          expect((error as { code: string }).code).toBe('not_encodable');
          return;
        }
        expect(valueOfContent(content, 'x')).toStrictEqual(given);
      }),
    );
  });

  it.each([
    ['a number', 1.5, 'number'],
    ['an array', [1, 'two', { three: [undefined, null] }], 'list'],
    ['an empty array', [], 'list'],
    ['-0', -0, 'value'],
    ['NaN', NaN, 'value'],
    ['Infinity', Infinity, 'value'],
    ['an array with a gap', GAP, 'value'],
    ['an array that holds itself', CYCLE, 'value'],
    ['an array that holds one object twice', [SHARED, SHARED], 'value'],
    ['bytes', new Uint8Array([0, 255]), 'value'],
  ])('keep %s as it is: %o', (_, value, form) => {
    const content = contentOf(value, RULES, 'x');
    expect(content.form).toBe(form);
    expect(valueOfContent(content, 'x')).toStrictEqual(value);
  });

  it('write no line breaks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
        const content = contentOf(texts, RULES, 'x');
        expect(content.form === 'list' && content.items.every((item) => !/[\n\r]/.test(item))).toBe(true);
      }),
    );
  });

  it('refuse what is too large, in bytes and not in characters', () => {
    const rules: ValueRules = { maxBytes: 10, credentials: 'refuse' };
    expect(textOf('1234567', rules, 'x')).toHaveLength(10);
    expect(() => textOf('12345678', rules, 'x')).toThrow('takes 11 bytes, and 10 are allowed');
    expect(() => textOf('äöüß', rules, 'x')).toThrow('takes 11 bytes');
    expect(() => contentOf(['1', '2', '3'], rules, 'x')).toThrow('takes 15 bytes');
  });

  it('say what was damaged', () => {
    expect(() => valueOf('j{"a":', 'the key')).toThrow('cannot be read: the key');
    expect(() => valueOfContent({ form: 'list', items: ['j1', '?'] }, 'the key')).toThrow('cannot be read: the key');
  });
});
