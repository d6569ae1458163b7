import { describe, expect, it } from 'vitest';

import { createToolCache } from '../src/index.ts';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\} (-?[\d.e+]+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/** Reads the text format line by line, as a scraper does, and refuses what it does not know. */
function parse(text: string): { readonly samples: Sample[]; readonly types: Map<string, string> } {
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  const helped = new Set<string>();
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.slice(0, -1).split('\n')) {
    const [, comment, family, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (comment === 'HELP') helped.add(family as string);
    else if (comment === 'TYPE') types.set(family as string, rest as string);
    else {
      const [, name = '', labels = '', value] = LINE.exec(line) ?? [];
      expect(line).toMatch(LINE);
      expect(types.has(name) && helped.has(name)).toBe(true);
      const pairs = [...labels.matchAll(LABEL)].map(([, key, raw = '']) => [
        key,
        raw.replace(/\\["\\n]/g, (e) => ESCAPES[e] ?? e),
      ]);
      samples.push({ name, labels: Object.fromEntries(pairs) as Sample['labels'], value: Number(value) });
    }
  }
  return { samples, types };
}

async function givenNumbers(namespace = 'shop', toolName = 'get_cart') {
  const cache = createToolCache({ namespace });
  const read = cache.read(async (_id: string) => 'cart', { name: toolName, scope: 'global', resource: 'cart' });
  const write = cache.write(async () => Promise.reject(new Error('no')), {
    name: 'write',
    scope: 'global',
    invalidates: 'cart',
  });
  const homeless = cache.read(async () => 1, { name: 'homeless' });
  await read('a');
  await read('a');
  await Promise.all([read('b'), read('b')]);
  await write().catch(() => undefined);
  await homeless();
  await cache.session({ maxToolRepeats: 1 }, async () => {
    await read('c');
    await read('c').catch(() => undefined);
  });
  return cache;
}

describe('the Prometheus text', () => {
  it('is well formed and says what the metrics say', async () => {
    const cache = await givenNumbers();
    const { samples, types } = parse(await cache.prometheus());
    const value = (name: string, labels: Readonly<Record<string, string>>): number | undefined =>
      samples.find((sample) => sample.name === name && matches(sample.labels, { cache: 'shop', ...labels }))?.value;
    const { tools, invalidations, entries, bytes, evictions } = cache.metrics();
    const statuses = {
      hit: 'hits',
      miss: 'misses',
      coalesced: 'coalesced',
      stale: 'stale',
      bypass: 'bypassed',
    } as const;
    for (const [tool, metrics] of Object.entries(tools)) {
      for (const [status, field] of Object.entries(statuses)) {
        expect(value('keepstep_cache_requests_total', { tool, status })).toBe(metrics[field]);
      }
      expect(value('keepstep_tool_executions_total', { tool })).toBe(metrics.upstreamCalls);
      expect(value('keepstep_tool_errors_total', { tool })).toBe(metrics.errors);
      expect(value('keepstep_loop_detections_total', { tool })).toBe(metrics.loopDetections);
      expect(value('keepstep_cache_superseded_total', { tool })).toBe(metrics.superseded);
      expect(value('keepstep_cache_saved_seconds_total', { tool })).toBe(metrics.savedMs / 1000);
    }
    expect(value('keepstep_cache_invalidations_total', {})).toBe(invalidations);
    expect(value('keepstep_cache_entries', {})).toBe(entries);
    expect(value('keepstep_cache_bytes', {})).toBe(bytes);
    expect(value('keepstep_cache_evictions_total', {})).toBe(evictions);
    for (const [name, type] of types) expect(type).toBe(name.endsWith('_total') ? 'counter' : 'gauge');
  });

  it('has each series once, and its labels escaped', async () => {
    const [namespace, tool] = ['a "quoted" \\ name', 'tool\nwith "odd" \\n name'];
    const cache = await givenNumbers(namespace, tool);
    const { samples } = parse(await cache.prometheus());
    const series = samples.map(({ name, labels }) => `${name} ${spell(labels)}`);
    expect(new Set(series).size).toBe(series.length);
    expect(samples.every(({ labels }) => labels['cache'] === namespace)).toBe(true);
    expect(samples.some(({ labels }) => labels['tool'] === tool)).toBe(true);
  });

  it('never has a key, a session or a user in it', async () => {
    const cache = createToolCache();
    const read = cache.read(async (_id: string) => 1, { name: 'read', resource: (id) => ['secret', id] });
    await cache.session({ id: 'session-secret', userId: 'user-secret' }, () => read('argument-secret'));
    expect(await cache.prometheus()).not.toContain('secret');
  });

  it('is there before anything has happened', async () => {
    expect(parse(await createToolCache().prometheus()).samples.map(({ value }) => value)).toEqual([0, 0, 0, 0]);
  });
});

function matches(labels: Sample['labels'], wanted: Sample['labels']): boolean {
  return spell(labels) === spell(wanted);
}

function spell(labels: Sample['labels']): string {
  const names = Object.keys(labels).toSorted();
  return JSON.stringify(names.map((name) => [name, labels[name]]));
}
