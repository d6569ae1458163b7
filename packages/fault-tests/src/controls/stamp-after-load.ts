import { controlOf } from './control.ts';
import { versionCounters } from './version-counters.ts';

/** Is wrong: an invalidation during the load is counted in the stamp, and so not seen as later than the data. */
export const subject = controlOf('stamp-after-load', '{control}:tag:*', (client) => versionCounters(client, true));
