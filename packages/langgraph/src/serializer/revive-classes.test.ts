import { types } from 'node:util';

import { Document } from '@langchain/core/documents';
import { BaseMessage, HumanMessage } from '@langchain/core/messages';
import { Command, Overwrite, Send } from '@langchain/langgraph';
import { DeltaSnapshot } from '@langchain/langgraph-checkpoint';
import { KeepstepError } from '@keepstep/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { KeepstepSerializer } from './keepstep-serializer.ts';

const serde = new KeepstepSerializer();

/** Decodes a text that was never encoded. */
async function decode(text: string): Promise<unknown> {
  return serde.loadsTyped('keepstep', Buffer.from(text));
}

const KEPT = [BaseMessage, Document, Send, Command, Overwrite, DeltaSnapshot].map((each) => each.prototype as object);
const DATA = new Set(['Object', 'Array', 'Map', 'Set', 'Date', 'URL', 'Buffer']);

/** Lists what a value is made of that no store may choose. */
function strangers(value: unknown, seen = new Set<unknown>()): unknown[] {
  if (typeof value === 'function') return [value];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return [];
  const prototype = Object.getPrototypeOf(value) as { readonly constructor: { readonly name: string } } | null;
  const isData = prototype === null || DATA.has(prototype.constructor.name);
  const isKnown =
    isData || types.isNativeError(value) || KEPT.some((each) => Object.prototype.isPrototypeOf.call(each, value));
  const members = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.values(value);
  return [...(isKnown ? [] : [value]), ...members.flatMap((member: unknown) => strangers(member, seen))];
}

const names = fc.constantFrom(
  'HumanMessage',
  'AIMessageChunk',
  'Error',
  'AggregateError',
  'Document',
  'DeltaSnapshot',
  'Send',
  'Command',
  'Overwrite',
  'ToolMessage',
  'Function',
  'RegExp',
  'Date',
  'constructor',
  '__proto__',
  'toString',
  '',
);
const place = fc.constantFrom<string | number>(
  'a',
  '0',
  0,
  1,
  'length',
  '__proto__',
  'constructor',
  'toString',
  -1,
  0.5,
  'lc_kwargs',
);
const member = fc.constantFrom(
  'content',
  'lc_kwargs',
  'lc_namespace',
  'type',
  'stack',
  'message',
  'cause',
  'errors',
  '__proto__',
  'constructor',
  'a',
  'then',
  'toJSON',
  'goto',
  'node',
  'args',
  'id',
  'tool_calls',
  'response_metadata',
  'contentBlocks',
  'text',
  'lg_name',
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, 1, 'x', true),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.array(fc.tuple(member, tie('json')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
const mark = fc.tuple(
  names,
  fc.array(place, { maxLength: 3 }),
  fc.oneof(json, fc.constant(['message', 'stack', 'toString'])),
);

/** Takes note of whatever code outside could look different afterwards. */
function world(): unknown {
  const prototypes = [Object, Array, Function, Error, HumanMessage, Document, Send, Map].map(
    ({ prototype }) => prototype as object,
  );
  return [globalThis, ...prototypes].map((each) => Reflect.ownKeys(each));
}

describe('what a store holds', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('makes nothing outside the closed list, and changes nothing outside, whatever the marks say', async () => {
    await decode('cj[{"node":"a","args":1},[["Send",[]]]]');
    const [before, compile] = [world(), vi.spyOn(globalThis, 'RegExp')];
    let [revived, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(json, fc.array(mark, { maxLength: 3 }), fc.boolean(), async (plain, marks, single) => {
        const all = single ? [[marks[0]?.[0] ?? 'Error', []]] : marks;
        if (await expectTyped('keepstep', Buffer.from(`cj${JSON.stringify([plain, all])}`))) revived += 1;
        else refused += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(revived, refused)).toBeGreaterThan(100);
    expect(world()).toEqual(before);
    expect(compile).not.toHaveBeenCalled();
  });

  it('is refused with one kind of error when its bytes were changed or cut off', async () => {
    const value = [
      new HumanMessage({ id: '1', content: 'x' }),
      new Error('no'),
      { at: new Date(1), more: new Map([[1, 2n]]) },
    ];
    const [type, bytes] = await serde.dumpsTyped(value);
    const before = world();
    for (const types_ of [type, 'json']) {
      for (let length = 0; length < bytes.length; length++) await expectTyped(types_, bytes.subarray(0, length));
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = (damaged[at] as number) ^ flip;
        await expectTyped(type, damaged);
      }),
      { numRuns: 1_000 },
    );
    expect(world()).toEqual(before);
  });

  it('is refused with one kind of error when it is any bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(fc.constantFrom('j', 'd', 'cj', 'cd', ''), fc.json()).map((parts) => Buffer.from(parts.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('keepstep', 'json', 'bytes', '', '__proto__'), bytes, async (type, each) => {
        await expectTyped(type, each);
      }),
      { numRuns: 2_000 },
    );
  });

  it('pollutes no prototype', async () => {
    for (const marks of [
      [['HumanMessage', ['__proto__']]],
      [['HumanMessage', ['a', '__proto__']]],
      [['HumanMessage', ['constructor', 'prototype']]],
      [['HumanMessage', ['list', '__proto__']]],
    ]) {
      await expect(decode(`cj${JSON.stringify([{ a: {}, list: [] }, marks])}`)).rejects.toMatchObject({
        code: 'data_corrupt',
      });
    }
    const revived = (await decode('cj[{"__proto__":{"admin":true}},[["HumanMessage",[]]]]')) as Record<string, unknown>;
    expect(Object.getPrototypeOf(revived)).toBe(HumanMessage.prototype);
    expect(revived['admin']).toBeUndefined();
  });

  it('is refused when it is nested too deeply', async () => {
    for (const levels of [2_000, 200_000]) {
      const deep = '['.repeat(levels) + ']'.repeat(levels);
      for (const body of [
        `cj[1,${deep}]`,
        `cj[${deep},[["Error",[${Array.from({ length: levels }, () => 0).join()}]]]]`,
      ]) {
        await expect(decode(body)).rejects.toMatchObject({ code: 'data_corrupt' });
      }
    }
  });
});

/** Expects known classes or the one error, and tells which it was. */
async function expectTyped(type: string, bytes: Uint8Array): Promise<boolean> {
  const outcome = await serde.loadsTyped(type, bytes).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) expect(strangers(outcome.value)).toEqual([]);
  else expect(KeepstepError.isInstance(outcome.error) && outcome.error.code).toBe('data_corrupt');
  return 'value' in outcome;
}
