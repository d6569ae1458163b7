import type { Metrics } from '@keepstep/core';

import type { Upstream } from '../apis/upstream.ts';
import type { Account } from './account.ts';
import { durationText } from './duration-text.ts';
import { paint } from './paint.ts';

/** Writes the end of an account: what was asked, what it cost and what it saved, in all and by session. */
export function closingLines(account: Account, upstreams: readonly Upstream[]): string[] {
  const { totals } = account;
  const answered = totals.hits + totals.coalesced + totals.stale;
  const requests = upstreams.map(({ name, total }) => `${name} ${total}`).join(', ');
  return [
    paint('bold', 'In all'),
    row('tool calls the models asked for', String(totals.calls), ''),
    row('calls of the APIs behind them', String(totals.upstreamCalls), `the APIs counted: ${requests}`),
    row('answered by the cache instead', String(answered), parts(totals, ['hits', 'coalesced', 'stale'])),
    row('time saved by hits', durationText(totals.savedMs), ''),
    row('invalidations', String(totals.invalidations), invalidated(account)),
    row(
      'loops stopped',
      String(totals.loopDetections),
      account.loops.map(({ rule, path }) => `${rule}: ${path.join(' -> ')}`).join(', '),
    ),
    ...account.sessions.map((session, index) => {
      const isAgain = account.sessions.findIndex(({ id }) => id === session.id) < index;
      const metrics = session.metrics();
      const counts = parts(metrics, [
        'hits',
        'coalesced',
        'stale',
        'misses',
        'invalidations',
        'loopDetections',
        'errors',
      ]);
      return row(
        `hit rate of session ${session.id}${isAgain ? ', again' : ''}`,
        `${Math.round(metrics.hitRate * 100)} %`,
        counts,
      );
    }),
  ];
}

function row(label: string, value: string, detail: string): string {
  return `  ${label.padEnd(34)} ${value.padStart(8)}   ${detail}`.trimEnd();
}

const WORDS = {
  hits: ['hit', 'hits'],
  coalesced: ['coalesced', 'coalesced'],
  stale: ['stale', 'stale'],
  misses: ['miss', 'misses'],
  invalidations: ['invalidation', 'invalidations'],
  loopDetections: ['loop', 'loops'],
  errors: ['error', 'errors'],
} as const;

/** Writes the counts that are not zero: `2 hits, 1 coalesced`. */
function parts(counts: Pick<Metrics, keyof typeof WORDS>, names: readonly (keyof typeof WORDS)[]): string {
  return names
    .filter((name) => counts[name] !== 0)
    .map((name) => `${counts[name]} ${WORDS[name][counts[name] === 1 ? 0 : 1]}`)
    .join(', ');
}

function invalidated({ invalidations }: Account): string {
  const counts = new Map<string, number>();
  for (const path of invalidations.flatMap(({ resources }) => resources)) counts.set(path, (counts.get(path) ?? 0) + 1);
  return [...counts].map(([path, count]) => (count === 1 ? path : `${path} x${count}`)).join(', ');
}
