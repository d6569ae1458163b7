import type { AccountStep } from '../account/account-step.ts';

/** Is the part of the document that `--json` prints in which the same things are counted several times. */
export interface AccountDocument {
  readonly steps: readonly AccountStep[];
  readonly totals: Readonly<Record<string, number>>;
  readonly cache: Readonly<Record<string, any>>;
  readonly invalidations: readonly unknown[];
  readonly loops: readonly unknown[];
  readonly upstream: Readonly<
    Record<string, { readonly total: number; readonly requests: Readonly<Record<string, number>> }>
  >;
}

type Comparison = readonly [name: string, one: number | undefined, other: number | undefined];

/**
 * Holds the numbers of an account against each other: those counted from events, those of the cache, those of the
 * simulated APIs, and the steps themselves. Returns a line for each that differs; an account that adds up has none.
 */
export function accountDiscrepancies({
  steps,
  totals,
  cache,
  invalidations,
  loops,
  upstream,
}: AccountDocument): string[] {
  const answered = (answer: AccountStep['answer']): number => steps.filter((step) => step.answer === answer).length;
  const apis = Object.values(upstream);
  const expected: Comparison[] = [
    ...Object.entries(totals)
      .filter(([name]) => name !== 'calls')
      .map(([name, total]): Comparison => [`${name} of the cache`, total, cache[name]]),
    ['calls and steps', totals['calls'], steps.length],
    ['hits and steps', totals['hits'], answered('hit')],
    ['misses and steps', totals['misses'], answered('miss')],
    ['coalesced and steps', totals['coalesced'], answered('coalesced')],
    ['invalidations and their list', totals['invalidations'], invalidations.length],
    ['loops and their list', totals['loopDetections'], loops.length],
    ['upstream calls and the APIs', totals['upstreamCalls'], apis.reduce((sum, { total }) => sum + total, 0)],
    ['time saved and steps', totals['savedMs'], steps.reduce((sum, { savedMs = 0 }) => sum + savedMs, 0)],
    ...apis.map(({ total, requests }): Comparison => [
      'requests of an API',
      total,
      Object.values(requests).reduce((sum, count) => sum + count, 0),
    ]),
  ];
  return expected.filter(([, one, other]) => one !== other).map(([name, one, other]) => `${name}: ${one}, ${other}`);
}
