import type { EventListener, KeepstepEvent } from '../events.ts';
import { channelHasSubscribers, publishToChannel } from './diagnostics-channel.ts';

/** Hands every event to the listeners of one cache and to the diagnostics channel. */
export class EventBus {
  readonly #listeners = new Set<EventListener>();

  /** Tells whether anybody listens; build an event only then. */
  get observed(): boolean {
    return this.#listeners.size > 0 || channelHasSubscribers();
  }

  /** Adds a listener; the returned function removes it. */
  on(listener: EventListener): () => void {
    // A listener of its own, so that adding one function twice takes removing it twice.
    const own: EventListener = (event) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  emit(event: KeepstepEvent): void {
    for (const listener of this.#listeners) {
      try {
        const returned: unknown = listener(event);
        // A listener may be an async function; its rejection is no more our caller's business than a throw.
        if (returned instanceof Promise) returned.catch(() => undefined);
      } catch {
        // A listener never breaks a call.
      }
    }
    if (channelHasSubscribers()) publishToChannel(event);
  }
}
