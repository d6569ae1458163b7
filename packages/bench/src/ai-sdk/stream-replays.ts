import { responseCache } from '@keepstep/ai-sdk';
import { createToolCache } from '@keepstep/core';
import { simulateReadableStream, wrapLanguageModel, type LanguageModel } from 'ai';

import type { Pace } from '../measure/pace.ts';
import { race, type Racer } from '../measure/race.ts';
import { rowsOf } from '../report/rows.ts';
import type { Entrant, Row } from '../report/table.ts';

type Model = Exclude<LanguageModel, string> & { readonly specificationVersion: 'v4' };
type Part = Awaited<ReturnType<Model['doStream']>>['stream'] extends ReadableStream<infer Each> ? Each : never;

/** Is how many parts a stream has: what a model takes a minute for. */
export const PARTS = 2000;

/** Measures how long it takes to read a whole stream that is there already. */
export async function streamReplays(pace: Pace): Promise<Row[]> {
  const parts = partsOfAnswer();
  const { model, asked } = cachedModel(parts);
  const entrants: (Entrant & { readonly open: () => Promise<ReadableStream<Part>> | ReadableStream<Part> })[] = [
    { contender: 'a plain array', note: 'one object after the other, the very ones', open: () => plainStream(parts) },
    {
      contender: 'simulateReadableStream without delays',
      package: 'ai',
      note: 'the very objects',
      open: () => simulateReadableStream({ chunks: parts, initialDelayInMs: null, chunkDelayInMs: null }),
    },
    {
      contender: 'Keepstep responseCache',
      package: '@keepstep/ai-sdk',
      note: 'finds the response, and hands out copies',
      open: async () => (await model.doStream(QUESTION)).stream,
    },
  ];
  for (const { open } of entrants) await read(await open());
  const laps = await race(
    entrants.map(({ contender, open }): Racer => ({ name: contender, run: (turns) => timeReplays(open, turns) })),
    pace,
  );
  if (asked() !== 1) throw new Error(`The model was asked ${asked()} times; all but the first are to be replays.`);
  return rowsOf(
    entrants.map(({ contender, package: from, note }) => ({ contender, package: from, note })),
    laps,
  );
}

const QUESTION = {
  prompt: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Tell me a story.' }] }],
};

async function timeReplays(
  open: () => Promise<ReadableStream<Part>> | ReadableStream<Part>,
  turns: number,
): Promise<number> {
  const startedAt = process.hrtime.bigint();
  for (let turn = 0; turn < turns; turn += 1) await read(await open());
  return Number(process.hrtime.bigint() - startedAt);
}

async function read(stream: ReadableStream<Part>): Promise<void> {
  const reader = stream.getReader();
  let count = 0;
  while (!(await reader.read()).done) count += 1;
  if (count !== PARTS) throw new Error(`The stream has ${count} parts of ${PARTS}.`);
}

function plainStream(parts: readonly Part[]): ReadableStream<Part> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next === parts.length) controller.close();
      else controller.enqueue(parts[next++] as Part);
    },
  });
}

function partsOfAnswer(): Part[] {
  const deltas = Array.from({ length: PARTS - 4 }, (_, place): Part => ({
    type: 'text-delta',
    id: '1',
    delta: `word ${place} `,
  }));
  const noTokens = { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 };
  return [
    { type: 'stream-start', warnings: [] },
    { type: 'text-start', id: '1' },
    ...deltas,
    { type: 'text-end', id: '1' },
    {
      type: 'finish',
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: { inputTokens: noTokens, outputTokens: { total: PARTS, text: PARTS, reasoning: 0 } },
    },
  ];
}

function cachedModel(parts: readonly Part[]) {
  let asked = 0;
  const inner: Model = {
    specificationVersion: 'v4',
    provider: 'bench',
    modelId: 'bench',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('not asked for')),
    async doStream() {
      asked += 1;
      return { stream: plainStream(parts) };
    },
  };
  const middleware = responseCache({ cache: createToolCache(), scope: 'global', ttl: '1h' });
  return { model: wrapLanguageModel({ model: inner, middleware }), asked: () => asked };
}
