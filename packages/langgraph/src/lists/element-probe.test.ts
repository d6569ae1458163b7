import { AIMessage, HumanMessage } from '@langchain/core/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isUnchanged, probeOf } from './element-probe.ts';

function holds(probe: readonly unknown[] | undefined): boolean {
  return probe !== undefined && isUnchanged(probe, 0, probe.length);
}

class Shape {
  sides = 3;
}

describe('a probe', () => {
  const changes: readonly [string, (message: AIMessage) => void][] = [
    ['its text', (message) => (message.content = 'other')],
    ['a part of its text', (message) => ((message.content as { text: string }[])[0]!.text = 'other')],
    ['an argument of a tool call', (message) => (message.tool_calls![0]!.args['deep'].list[0].a = 2)],
    ['one more tool call', (message) => void message.tool_calls!.push({ name: 'more', args: {} })],
    ['one tool call less', (message) => (message.tool_calls!.length = 0)],
    ['a new key', (message) => (message.additional_kwargs['note'] = undefined)],
    ['a key that went', (message) => delete (message.tool_calls![0] as { id?: string }).id],
    ['another order of keys', (message) => reorder(message.tool_calls![0]!.args)],
    ['a key in place of another', (message) => rename(message.tool_calls![0]!.args)],
    ['what it was made of', (message) => (message.lc_kwargs['extra'] = 1)],
    ['the sign of a zero', (message) => (message.tool_calls![0]!.args['zero'] = -0)],
    ['nothing for undefined', (message) => delete message.tool_calls![0]!.args['none']],
    ['a gap for undefined', (message) => delete message.tool_calls![0]!.args['deep'].list[1]],
  ];

  function reorder(args: Record<string, unknown>): void {
    const { zero } = args;
    delete args['zero'];
    args['zero'] = zero;
  }

  function rename(args: Record<string, unknown>): void {
    const entries = Object.entries(args);
    for (const [key] of entries) delete args[key];
    for (const [key, value] of entries) args[key === 'zero' ? 'nil' : key] = value;
  }

  function newMessage(): AIMessage {
    return new AIMessage({
      id: '1',
      content: [{ type: 'text', text: 'hello' }],
      tool_calls: [{ id: 'c', name: 'f', args: { zero: 0, none: undefined, deep: { list: [{ a: 1 }, undefined] } } }],
    });
  }

  it.each(changes)('tells of %s', (_, change) => {
    const element = newMessage();
    const probe = probeOf(element);
    expect(holds(probe)).toBe(true);
    change(element);
    expect(holds(probe)).toBe(false);
  });

  it('holds for as long as nothing changes, whatever else does', () => {
    const elements: unknown[] = [
      'text',
      1,
      null,
      undefined,
      true,
      1n,
      NaN,
      {},
      [],
      [[{}]],
      Object.create(null),
      newMessage(),
    ];
    const probes = elements.map(probeOf);
    newMessage().content = 'other';
    expect(probes.map((probe, index) => [elements[index], holds(probe)])).toEqual(elements.map((each) => [each, true]));
  });

  it('sees everything that a look can see', () => {
    const cyclic: Record<string, unknown> = { a: { b: 1 } };
    cyclic['self'] = cyclic;
    const probe = probeOf(cyclic);
    expect(holds(probe)).toBe(true);
    (cyclic['a'] as Record<string, unknown>)['b'] = 2;
    expect(holds(probe)).toBe(false);
  });

  it.each([
    ['a map', new Map()],
    ['a set', new Set()],
    ['a date', new Date()],
    ['bytes', new Uint8Array(1)],
    ['an instance of a class', new Shape()],
    ['an error', new Error('why')],
    ['a proxy', new Proxy({}, {})],
    ['a message of a class of somebody’s own', new (class extends HumanMessage {})('hello')],
    ['a function', { run: () => 1 }],
    ['a symbol', { is: Symbol('is') }],
    ['a key that is a symbol', { [Symbol('is')]: 1 }],
    ['a hidden key', Object.defineProperty({}, 'hidden', { value: 1 })],
    ['an array with a gap', [1, , 2]], // eslint-disable-line no-sparse-arrays
    ['an array with a key of its own', Object.assign([1], { note: 1 })],
    ['a subclass of arrays', new (class extends Array {})()],
  ])('is not made of %s, on its own or within', (_, value) => {
    expect(probeOf(value)).toBeUndefined();
    expect(probeOf({ within: [value] })).toBeUndefined();
  });

  it('looks at nothing that is frozen, and at what is within', () => {
    const inner = { a: 1 };
    const element = Object.freeze({ inner, list: Object.freeze([1]) });
    const probe = probeOf(element);
    expect(probe).toEqual([inner, 1, 'a', 1]);
    inner.a = 2;
    expect(holds(probe)).toBe(false);
    let reads = 0;
    const lively = Object.freeze({
      get count() {
        return (reads += 1);
      },
    });
    expect(holds(probeOf(lively))).toBe(false);
  });

  it('tells two values apart wherever JSON does', () => {
    const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(0, -0, '', 'x', null, true));
    fc.assert(
      fc.property(fields, fields, fields, (outer, inner, later) => {
        const element = { ...outer, inner: { ...inner } };
        const before = JSON.stringify(element);
        const probe = probeOf(element);
        for (const key of Object.keys(element.inner)) delete element.inner[key];
        Object.assign(element.inner, later);
        if (JSON.stringify(element) !== before) expect(holds(probe)).toBe(false);
        for (const key of Object.keys(element.inner)) delete element.inner[key];
        Object.assign(element.inner, inner);
        expect(holds(probe)).toBe(true);
      }),
    );
  });
});
