import type { Entrant } from '../report/table.ts';

/** Is a cache that takes part, and the module that opens it. */
export interface StaleReadsEntrant extends Entrant {
  readonly module: string;
}

/** Lists the caches that are compared, each set up as its documentation says for several processes and tags. */
export const entrants: readonly StaleReadsEntrant[] = [
  {
    contender: 'Keepstep',
    package: '@keepstep/core',
    module: import.meta.resolve('@keepstep/fault-tests/keepstep'),
  },
  {
    contender: 'async-cache-dedupe, references',
    package: 'async-cache-dedupe',
    module: import.meta.resolve('./caches/async-cache-dedupe.ts'),
  },
  {
    contender: 'bentocache, server only',
    package: 'bentocache',
    module: import.meta.resolve('./caches/bentocache-server.ts'),
  },
  {
    contender: 'bentocache, memory, server and bus',
    package: 'bentocache',
    module: import.meta.resolve('./caches/bentocache-layers.ts'),
  },
];
