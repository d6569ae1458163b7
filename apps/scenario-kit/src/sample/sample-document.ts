import type { Stage } from './stage.ts';

/** Returns the whole account of a run in one object: what `--json` prints. */
export function sampleDocument(name: string, stage: Stage, outcome: object): object {
  const { account, cache, conversations, resolved, store, upstreams } = stage;
  return {
    sample: name,
    model: resolved.name,
    store: store.name,
    outcome,
    conversations,
    steps: account.steps,
    invalidations: account.invalidations,
    loops: account.loops,
    /** Is counted from the events. */
    totals: account.totals,
    /** Is counted by the cache; the two agree. */
    cache: cache.metrics(),
    sessions: account.sessions.map((session) => ({ id: session.id, metrics: session.metrics() })),
    upstream: Object.fromEntries(upstreams.map((api) => [api.name, { total: api.total, requests: api.counts() }])),
  };
}
