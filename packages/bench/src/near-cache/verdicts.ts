import type { Verdict } from '../report/report.ts';
import type { Table } from '../report/table.ts';

const RIVALS: ReadonlySet<string | undefined> = new Set(['async-cache-dedupe', 'bentocache', 'cacheable']);

/** Says how a hit outside a session compares with the fastest of the caches that are like ours. */
export function fasterThanRivals({ rows }: Table): Verdict {
  const rivals = rows.filter((row) => RIVALS.has(row.package) && row.ratio !== null);
  const fastest = rivals.reduce((one, other) => ((other.ratio as number) < (one.ratio as number) ? other : one));
  const value = fastest.ratio as number;
  return {
    id: 'faster-than-rivals',
    sentence: `string hit outside a session: ${value.toFixed(1)} x faster than the fastest of async-cache-dedupe, bentocache, cacheable, which is ${fastest.contender}`,
    value,
    target: '>= 2 x, aim 5 x',
    met: value >= 2,
  };
}

/** Says what a hit costs with all that an agent needs around it. */
export function hitInSession({ rows }: Table, contender: string): Verdict {
  const value = rows.find((row) => row.contender === contender)?.figure?.median ?? Number.NaN;
  return {
    id: 'hit-in-session',
    sentence: `hit inside a session with loop detection: ${value.toFixed(0)} ns`,
    value,
    target: '< 1500 ns',
    met: value < 1500,
  };
}
