import { isDeepStrictEqual } from 'node:util';

import { Document } from '@langchain/core/documents';
import { AIMessage, HumanMessage, type BaseMessage } from '@langchain/core/messages';
import { Send } from '@langchain/langgraph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { keptKinds, refusedKinds } from '../../test/kinds-of-values.ts';
import { KeepstepSerializer } from './keepstep-serializer.ts';

const serde = new KeepstepSerializer();

async function roundTrip(value: unknown): Promise<unknown> {
  return serde.loadsTyped(...(await serde.dumpsTyped(value)));
}

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('lc', 'type', 'id', 'kwargs', 'lg_name', 'then', 'toJSON', 'constructor'),
);
const { data } = fc.letrec((tie) => {
  const record = fc.dictionary(
    text.filter((key) => key !== '__proto__'),
    tie('data'),
    { maxKeys: 4, noNullPrototype: true },
  );
  return {
    data: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.constantFrom(1, 2, null, true, undefined, NaN, -0, 'constructor', 'secret', 'Send'),
      fc.bigInt(),
      fc.date({ noInvalidDate: true }),
      fc.uint8Array({ maxLength: 4 }),
      fc.array(tie('data'), { maxLength: 4 }),
      record,
      fc.array(fc.tuple(text, tie('data')), { maxLength: 3 }).map((entries) => new Map(entries)),
      record.map((fields) => Object.assign(new HumanMessage({ content: 'x' }), { artifact: fields })),
      record.map((additional) => new AIMessage({ content: 'x', additional_kwargs: additional })),
      record.map((metadata) => new Document({ pageContent: 'x', metadata })),
      tie('data').map((args) => new Send('work', { args })),
      fc.tuple(text, tie('data')).map(([content, cause]) => new RangeError(content, { cause })),
      tie('data').map((member) => [member, { again: member }]),
    ),
  };
});

describe('KeepstepSerializer', () => {
  it.each(keptKinds)('returns %s as it went in', async (_, value) => {
    const returned = await roundTrip(value);
    if (!isDeepStrictEqual(returned, value)) expect(returned).toStrictEqual(value);
    expect(isDeepStrictEqual(returned, value)).toBe(true);
  });

  it.each(refusedKinds.map(([obstacle, path, value]) => ({ obstacle, path, value, short: path.slice(0, 40) })))(
    'refuses $obstacle at $short',
    async ({ obstacle, path, value }) => {
      await expect(serde.dumpsTyped(value)).rejects.toMatchObject({ name: 'NotEncodableError', obstacle, path });
    },
  );

  it('returns any mixture of data and instances as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(data, async (value) => {
        expect(isDeepStrictEqual(await roundTrip(value), value)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves the value as it is', async () => {
    const value = { messages: [new HumanMessage({ id: '1', content: 'x' })], at: new Map([[1, new Send('a', {})]]) };
    const { messages, at } = value;
    const [message, send] = [messages[0], at.get(1)];
    await serde.dumpsTyped(value);
    expect(value.messages[0]).toBe(message);
    expect(value.at.get(1)).toBe(send);
    expect(Object.keys(message as object)).toEqual(Object.keys(new HumanMessage({ id: '1', content: 'x' })));
  });

  it('returns what is shared, and what is part of itself, so', async () => {
    const message = new HumanMessage('x');
    const holder: unknown[] = [message, { message }];
    Object.assign(message, { holder });
    const [first, other] = (await roundTrip(holder)) as [HumanMessage & { holder: unknown[] }, { message: unknown }];
    expect(other.message).toBe(first);
    expect(first.holder[0]).toBe(first);
  });

  it('writes what stands in many places once', async () => {
    let value: unknown = new HumanMessage('leaf');
    for (let level = 0; level < 100; level++) value = [value, value];
    const [, bytes] = await serde.dumpsTyped(value);
    expect(bytes.length).toBeLessThan(20_000);
  });

  it('keeps what LangChain makes of a message: it can be changed, written and merged as before', async () => {
    const message = new AIMessage({ content: 'x', tool_calls: [{ id: 'c', name: 'f', args: {} }] });
    const returned = (await roundTrip(message)) as AIMessage;
    expect(AIMessage.isInstance(returned)).toBe(true);
    expect(returned.toJSON()).toEqual(message.toJSON());
    expect(returned.text).toBe('x');
    returned._updateId('given');
    message._updateId('given');
    expect(isDeepStrictEqual(returned, message)).toBe(true);
  });

  it('keeps a message that was made of all that another one has', async () => {
    const message = new AIMessage({ ...new AIMessage({ id: '1', content: 'x', name: 'a' }), content: 'y' } as never);
    const returned = (await roundTrip(message)) as AIMessage;
    const ofLangChain = ({ id, content, name, tool_calls, additional_kwargs }: AIMessage): unknown => ({
      id,
      content,
      name,
      tool_calls,
      additional_kwargs,
    });
    expect(ofLangChain(returned)).toEqual(ofLangChain(message));
  });

  it('knows instances of another copy of a package, and makes their own of them', async () => {
    const [Human, Doc, Instruction] = [foreignCopy(HumanMessage), foreignCopy(Document), foreignCopy(Send)];
    const value = [new Human('x'), new Doc({ pageContent: 'x' }), new Instruction('work', { a: 1 })];
    const returned = (await roundTrip(value)) as object[];
    expect(returned.map((each) => Object.getPrototypeOf(each) as object)).toEqual([
      HumanMessage.prototype,
      Document.prototype,
      Send.prototype,
    ]);
    expect(returned.map((each) => Object.entries(each))).toEqual(value.map((each) => Object.entries(each)));
  });

  it('takes no class of the user for one of a package because it looks like it', async () => {
    class Send2 {
      readonly lg_name = 'Send';
      readonly node = 'work';
      readonly secret = 1;
    }
    class HumanMessage2 extends HumanMessage {
      static override lc_name(): string {
        return 'HumanMessage';
      }
    }
    for (const value of [new Send2(), new HumanMessage2('x'), new (class extends Document {})({ pageContent: '' })]) {
      await expect(serde.dumpsTyped(value)).rejects.toMatchObject({ code: 'not_encodable', path: '$' });
    }
  });

  it('takes values at the moment of the call', async () => {
    const value = { messages: [new HumanMessage('before')] as BaseMessage[] };
    const written = serde.dumpsTyped(value);
    value.messages.push(new HumanMessage('after'));
    expect(await serde.loadsTyped(...(await written))).toEqual({ messages: [new HumanMessage('before')] });
  });
});

/** Makes a class that is the same in all but its identity, as when a package is installed twice. */
function foreignCopy<Class extends new (...args: never[]) => object>(original: Class): Class {
  const copy = function (this: unknown, ...args: never[]): object {
    return Object.setPrototypeOf(new original(...args), copy.prototype as object) as object;
  } as unknown as Class;
  Object.setPrototypeOf(copy, Object.getPrototypeOf(original) as object);
  const { prototype: _prototype, ...statics } = Object.getOwnPropertyDescriptors(original);
  Object.defineProperties(copy, statics);
  const prototype = Object.create(
    Object.getPrototypeOf(original.prototype) as object,
    Object.getOwnPropertyDescriptors(original.prototype as object),
  ) as object;
  Object.defineProperty(prototype, 'constructor', { value: copy });
  copy.prototype = prototype;
  return copy;
}
