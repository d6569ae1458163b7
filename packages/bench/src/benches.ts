import type { Bench } from './bench.ts';

/** Lists every bench that there is. What one of them measures is loaded only when it runs. */
export const benches: readonly Bench[] = [
  {
    name: 'near-cache',
    summary: 'time of hits, misses and single flight in memory, and memory per entry, beside other caches',
    async run(pace, onTable) {
      const { nearCache } = await import('./near-cache/near-cache.ts');
      return nearCache(pace, onTable);
    },
  },
  {
    name: 'sqlite',
    summary: 'time of hits, misses and invalidations in a SQLite file, beside bare statements of better-sqlite3',
    async run(pace, onTable) {
      const { sqlite } = await import('./sqlite/sqlite.ts');
      return sqlite(pace, onTable);
    },
  },
  {
    name: 'state',
    summary:
      'time of steps, counters, logs and locks on every store, beside bare commands, and of a page of keys among many',
    async run(pace, onTable) {
      const { state } = await import('./state/state.ts');
      return state(pace, onTable);
    },
  },
  {
    name: 'ai-sdk',
    summary: 'tools of the AI SDK, hit and miss, and the replay of a streamed response, beside what else there is',
    async run(pace, onTable) {
      const { aiSdk } = await import('./ai-sdk/ai-sdk.ts');
      return aiSdk(pace, onTable);
    },
  },
  {
    name: 'stale-reads',
    summary:
      'reads that are older than an invalidation promised, over three processes on one server, beside other caches',
    async run(pace, onTable) {
      const { staleReads } = await import('./stale-reads/stale-reads.ts');
      return staleReads(pace, onTable);
    },
  },
  {
    name: 'shared-store',
    summary:
      'time of hits, misses and invalidations on a Valkey server, and its memory, beside bare commands and other caches',
    async run(pace, onTable) {
      const { sharedStore } = await import('./shared-store/shared-store.ts');
      return sharedStore(pace, onTable);
    },
  },
  {
    name: 'checkpointer',
    summary: 'time of the methods of checkpointers of LangGraph, and what a put costs on a growing thread',
    async run(pace, onTable) {
      const { checkpointer } = await import('./checkpointer/checkpointer.ts');
      return checkpointer(pace, onTable);
    },
  },
];
