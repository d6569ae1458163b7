import { channel } from 'node:diagnostics_channel';

import type { KeepstepEvent } from '../events.ts';

/** Names the `node:diagnostics_channel` on which every event of every cache in the process is published. */
export const EVENT_CHANNEL = 'keepstep:events';

const events = channel(EVENT_CHANNEL);

/** Tells whether anybody listens on the channel. */
export function channelHasSubscribers(): boolean {
  return events.hasSubscribers;
}

/** Publishes an event to the subscribers of the channel. */
export function publishToChannel(event: KeepstepEvent): void {
  events.publish(event);
}
