import { describe, expect, it } from 'vitest';

import { Counters } from './counters.ts';
import { formatPrometheus } from './prometheus.ts';

const source = { namespace: 'shop', tools: {}, invalidations: 3, entries: 2, bytes: 512, evictions: 1 };

describe('formatPrometheus', () => {
  it('writes each family once, with its help and type before its samples', () => {
    const tools = {
      get_cart: Object.assign(new Counters(), { hits: 4, savedMs: 1500 }).read(),
      search: new Counters().read(),
    };
    const lines = formatPrometheus({ ...source, tools }).split('\n');
    expect(lines.at(-1)).toBe('');
    const start = lines.indexOf('# TYPE keepstep_cache_saved_seconds_total counter');
    expect(lines.slice(start - 1, start + 3)).toEqual([
      '# HELP keepstep_cache_saved_seconds_total Load time that hits saved.',
      '# TYPE keepstep_cache_saved_seconds_total counter',
      'keepstep_cache_saved_seconds_total{cache="shop",tool="get_cart"} 1.5',
      'keepstep_cache_saved_seconds_total{cache="shop",tool="search"} 0',
    ]);
    const families = lines.filter((line) => line.startsWith('# TYPE'));
    expect(new Set(families).size).toBe(families.length);
    expect(lines).toContain('keepstep_cache_requests_total{cache="shop",tool="get_cart",status="hit"} 4');
    expect(lines).toContain('keepstep_cache_entries{cache="shop"} 2');
    expect(lines).toContain('keepstep_cache_invalidations_total{cache="shop"} 3');
  });

  it('escapes backslashes, quotes and line ends in labels', () => {
    const text = formatPrometheus({ ...source, namespace: 'a\\b"c\nd' });
    expect(text).toContain(String.raw`keepstep_cache_bytes{cache="a\\b\"c\nd"} 512`);
  });
});
