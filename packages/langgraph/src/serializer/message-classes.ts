import {
  AIMessage,
  AIMessageChunk,
  ChatMessage,
  ChatMessageChunk,
  FunctionMessage,
  FunctionMessageChunk,
  HumanMessage,
  HumanMessageChunk,
  RemoveMessage,
  SystemMessage,
  SystemMessageChunk,
  ToolMessage,
  ToolMessageChunk,
  type BaseMessage,
} from '@langchain/core/messages';

import { defineField, fieldsOf } from './instance-fields.ts';
import type { InstanceContent, KeptClass } from './kept-class.ts';
import { compareKwargs, kwargsOf } from './message-kwargs.ts';

/** Is what marks a message, of any copy of LangChain. */
export const MESSAGE_MARK: unique symbol = Symbol.for('langchain.message') as never;

type Fields = Readonly<Record<string, unknown>>;
type MessageConstructor = new (fields: never) => BaseMessage;

/** Is a class of messages that is kept. */
export interface KeptMessageClass extends KeptClass {
  readonly constructor: MessageConstructor;
  /** Holds the names of the fields that every message of the class has. */
  readonly fieldNames: ReadonlySet<string>;
}

/** Lists the classes of messages that are kept. */
export const messageClasses: readonly KeptMessageClass[] = (
  [
    ['AIMessage', AIMessage],
    ['AIMessageChunk', AIMessageChunk],
    ['ChatMessage', ChatMessage],
    ['ChatMessageChunk', ChatMessageChunk],
    ['FunctionMessage', FunctionMessage],
    ['FunctionMessageChunk', FunctionMessageChunk],
    ['HumanMessage', HumanMessage],
    ['HumanMessageChunk', HumanMessageChunk],
    ['RemoveMessage', RemoveMessage],
    ['SystemMessage', SystemMessage],
    ['SystemMessageChunk', SystemMessageChunk],
    ['ToolMessage', ToolMessage],
    ['ToolMessageChunk', ToolMessageChunk],
  ] as readonly (readonly [string, MessageConstructor])[]
).map(([name, constructor]) => messageClass(name, constructor));

/** Says what every message has, and what is not kept as a field. */
const LEFT_OUT: ReadonlySet<PropertyKey> = new Set([MESSAGE_MARK, 'lc_kwargs', 'lc_namespace']);

function messageClass(name: string, constructor: MessageConstructor): KeptMessageClass {
  const create = (): BaseMessage => new constructor({ content: '' } as never);
  const fresh = create() as unknown as Fields;
  const namespace = String(fresh['lc_namespace']);
  return {
    name,
    constructor,
    fieldNames: new Set(Object.keys(fresh)),
    create,
    contentOf(message: object): InstanceContent {
      const { lc_kwargs: kwargs, lc_namespace: ownNamespace } = message as Fields;
      // What stands in the way of keeping it stays, and is refused.
      if (hasOtherThanFields(message)) return fieldsOf(message, { without: LEFT_OUT });
      const fields = {};
      for (const [key, value] of Object.entries(message)) {
        const isAsInANewOne = Object.hasOwn(fresh, key) && Object.is(fresh[key], value);
        if (!isAsInANewOne && !LEFT_OUT.has(key)) defineField(fields, key, value);
      }
      if (String(ownNamespace) !== namespace) defineField(fields, 'lc_namespace', ownNamespace);
      const { difference, others } = compareKwargs(message, (kwargs as object | undefined) ?? {});
      if (others !== undefined) defineField(fields, 'lc_kwargs', others);
      return { fields, isSound: true, note: difference };
    },
    fill(message: object, { lc_kwargs: others, ...fields }: Fields, note: unknown): void {
      for (const [key, value] of Object.entries(fields)) defineField(message, key, value);
      defineField(message, 'lc_kwargs', kwargsOf(message as Fields, note, others));
    },
  };
}

/** Tells whether a message has properties that cannot be seen, or symbols besides its mark. */
function hasOtherThanFields(message: object): boolean {
  return Reflect.ownKeys(message).length !== Object.keys(message).length + 1;
}
