import { bentocacheSubject } from './bentocache.ts';

/** Is bentocache with its results in the server alone. */
export const subject = bentocacheSubject('bentocache, server only', 1);
