import { bentocacheSubject } from './bentocache.ts';

/** Is bentocache with copies in each process, and its bus between them. */
export const subject = bentocacheSubject('bentocache, memory, server and bus', 2);
