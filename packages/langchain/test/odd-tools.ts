import type { BaseMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { Command, interrupt, type LangGraphRunnableConfig } from '@langchain/langgraph';
import { ToolMessage } from 'langchain';
import { z } from 'zod';

import type { ScriptedCall } from './agent-run.ts';
import { isErrorText, isOldest } from './langchain-set.ts';

export const schema = z.object({ city: z.string(), days: z.number().default(1) });

/** Holds what an agent may meet, each tool in its own way. */
export const oddTools = [
  tool(({ city, days }) => `sunny in ${city} for ${days} days`, { name: 'weather', description: 'w', schema }),
  tool(({ city }) => ({ city, degrees: 21, rain: null }), { name: 'degrees', description: 'd', schema }),
  tool(({ city }) => [`map of ${city}`, { tiles: [1, 2] }], {
    name: 'map',
    description: 'm',
    schema,
    responseFormat: 'content_and_artifact',
  }),
  tool(({ city }) => [{ type: 'text', text: `photo of ${city}` }], { name: 'photo', description: 'p', schema }),
  tool(
    () => {
      throw new TypeError('the station is closed');
    },
    { name: 'broken', description: 'b', schema },
  ),
  tool(
    ({ city }, { toolCall }) =>
      new ToolMessage({ content: `note on ${city}`, tool_call_id: toolCall?.id ?? '', status: 'error', name: 'note' }),
    { name: 'note', description: 'n', schema },
  ),
  tool(
    (_, { toolCall }) =>
      new Command({ update: { messages: [new ToolMessage({ content: 'moved', tool_call_id: toolCall?.id ?? '' })] } }),
    { name: 'move', description: 'c', schema },
  ),
  tool(({ city }) => `booked ${city}: ${interrupt(`May I book ${city}?`)}`, { name: 'book', description: 'i', schema }),
  tool(
    async function* search({ city }: { city: string }) {
      yield { found: 1 };
      yield { found: 2 };
      return `three pages on ${city}`;
    } as never,
    { name: 'search', description: 's', schema },
  ),
  tool(
    (_, config) => {
      (config as unknown as LangGraphRunnableConfig).writer?.({ progress: 'half' });
      return 'told';
    },
    { name: 'tell', description: 't', schema },
  ),
  tool(() => 'the end', { name: 'last', description: 'r', schema, returnDirect: true }),
];

/** Makes a call of a tool. */
export const call = (name: string, city = 'Sofia'): ScriptedCall => ({ name, args: { city } });

/** Lists what a model may ask for, step by step. */
export const exchanges: Readonly<Record<string, readonly (readonly ScriptedCall[])[]>> = {
  'a text': [[call('weather')]],
  'an object': [[call('degrees')]],
  'a pair of content and artifact': [[call('map')]],
  'content blocks': [[call('photo')]],
  'an error': [[call('broken')], [call('weather')]],
  'a message that says it has failed': [[call('note')]],
  'a command': [[call('move')], [call('weather')]],
  'preliminary results': [[call('search')]],
  'input that does not fit': [[{ name: 'weather', args: { town: 'Sofia' } }], [call('weather')]],
  'a tool that does not exist': [[call('guess')], [call('weather')]],
  'a tool that ends the agent': [[call('last')]],
  'words for the program': [[call('tell')]],
  'calls side by side': [[call('weather'), call('broken'), call('move'), call('degrees', 'Varna'), call('weather')]],
  'the same call again': [[call('weather')], [call('weather')], [call('degrees')]],
};

/** Says everything about messages but the ids that are made at random. */
export function plain(messages: readonly BaseMessage[] = []): unknown {
  return messages.map((message) => {
    const { id: _id, content, ...data } = message.toDict().data as any;
    if (isOldest && isErrorText(message.text)) delete data.status;
    return { ...data, content: withoutStack(content), type: message.type, artifact: (message as any).artifact };
  });
}

/** Takes away the stack that the error of an input that does not fit tells the model. */
export function withoutStack(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(/^ +at .*$\n?/gm, '') : value;
}
