import { controlOf } from './control.ts';
import { versionCounters } from './version-counters.ts';

/** Is wrong where counters may be evicted: an entry whose invalidation is forgotten is valid again. */
export const subject = controlOf('missing-counts-as-valid', '{control}:tag:*', (client) =>
  versionCounters(client, false),
);
