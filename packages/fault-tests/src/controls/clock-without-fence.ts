import { controlOf } from './control.ts';
import { tagClock } from './tag-clock.ts';

/** Is wrong where data can roll back: a clock that has lost invalidations is taken for the one that had them. */
export const subject = controlOf('clock-without-fence', '{control}:clock', (client) => tagClock(client, 'none'));
