import type { Content, Reply } from './model-double.ts';
import type { Sdk } from './sdk.ts';

const BYTES = new Uint8Array([137, 80, 78, 71, 0, 255]);

/** Lists answers of every kind that a model gives, in the form of a major version. */
export function exchanges({ specificationVersion }: Sdk): Readonly<Record<string, Reply>> {
  const isLatest = specificationVersion === 'v4';
  const file = (data: unknown): Content => ({
    type: 'file',
    mediaType: 'image/png',
    data: isLatest ? { type: 'data', data } : data,
  });
  const metadata = { double: { signature: 'abc', nested: { list: [1, null, 'two'] } } };
  return {
    text: { content: [{ type: 'text', text: 'It is sunny. ☀️' }] },
    'an empty text': { content: [{ type: 'text', text: '' }] },
    nothing: { content: [] },
    reasoning: {
      content: [
        { type: 'reasoning', text: 'Let me think …', providerMetadata: metadata },
        { type: 'text', text: 'Yes.', providerMetadata: metadata },
      ],
    },
    sources: {
      content: [
        {
          type: 'source',
          sourceType: 'url',
          id: 's1',
          url: 'https://a.example/',
          title: 'A',
          providerMetadata: metadata,
        },
        {
          type: 'source',
          sourceType: 'document',
          id: 's2',
          mediaType: 'application/pdf',
          title: 'B',
          filename: 'b.pdf',
        },
        { type: 'text', text: 'As A and B say.' },
      ],
    },
    'files as bytes': { content: [file(BYTES), { type: 'text', text: 'A picture.' }] },
    'files as text': { content: [file(Buffer.from(BYTES).toString('base64'))] },
    ...(isLatest && {
      'files elsewhere': {
        content: [
          { type: 'file', mediaType: 'image/png', data: { type: 'url', url: new URL('https://a.example/b.png') } },
        ],
      },
    }),
    'tool calls': {
      content: [
        { type: 'text', text: 'I look.' },
        { type: 'tool-call', toolCallId: 'call_a', toolName: 'look', input: '{"at":1}', providerMetadata: metadata },
        { type: 'tool-call', toolCallId: 'call_b', toolName: 'look', input: '{"at":"1"}' },
      ],
    },
    'tools of the provider': {
      content: [
        { type: 'tool-call', toolCallId: 'call_c', toolName: 'web', input: '{}', providerExecuted: true },
        { type: 'tool-result', toolCallId: 'call_c', toolName: 'web', result: { hits: [1] }, providerExecuted: true },
        { type: 'text', text: 'Found.' },
      ],
    },
    'warnings and metadata': {
      content: [{ type: 'text', text: 'Well.' }],
      extra: { warnings: [{ type: 'other', message: 'too warm' }], providerMetadata: metadata },
    },
    'a long answer': {
      content: Array.from({ length: 40 }, (_, place) => ({ type: 'text', text: `Sentence ${place}. ` })),
    },
  };
}
