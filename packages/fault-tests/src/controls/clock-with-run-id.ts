import { controlOf } from './control.ts';
import { tagClock } from './tag-clock.ts';

/** Is wrong where a server can take over, and hand back to a process that has lived on and lost data meanwhile. */
export const subject = controlOf('clock-with-run-id', '{control}:clock', (client) => tagClock(client, 'run-id'));
