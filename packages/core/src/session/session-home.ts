import { isPromise, type MaybePromise } from '../maybe-promise.ts';
import type { SessionHandle } from '../store/entry-store.ts';
import { sessionPlace, userPlace, type Place } from './place.ts';

/** Is where a session and its children keep their results: one opening in the store, one user. */
export class SessionHome {
  readonly id: string;
  readonly userId: string | undefined;
  readonly #open: () => MaybePromise<SessionHandle>;
  readonly #userPlace: Place | undefined;
  #sessionPlace: Place | undefined;
  #opening: Promise<Place> | undefined;

  /** @param open opens the session in the store; asked again when it has failed, each time that somebody needs it */
  constructor(id: string, userId: string | undefined, open: () => MaybePromise<SessionHandle>) {
    this.id = id;
    this.userId = userId;
    this.#open = open;
    this.#userPlace = userId === undefined ? undefined : userPlace(userId);
    const opening = this.#openPlace();
    if (isPromise(opening)) opening.catch(() => undefined);
  }

  /** Is where a write takes place whose session the store could not open: whoever has the id open there is concerned. */
  get unopenedPlace(): Place {
    return sessionPlace({ id: this.id, opening: '' }, this.userId);
  }

  /** Is the session in the store, if it was opened there, or will be; undefined when that has failed. */
  get opened(): MaybePromise<SessionHandle | undefined> {
    if (this.#sessionPlace !== undefined) return this.#sessionPlace.session;
    return this.#opening?.then(
      ({ session }) => session,
      () => undefined,
    );
  }

  /** Returns the place of a scope; "no-user" when the user is unknown, a promise while the store has not answered yet. */
  place(scope: 'session' | 'user'): MaybePromise<Place | 'no-user'> {
    if (scope === 'user') return this.#userPlace ?? 'no-user';
    return this.#sessionPlace ?? this.#openPlace();
  }

  #openPlace(): MaybePromise<Place> {
    if (this.#opening !== undefined) return this.#opening;
    const settle = (handle: SessionHandle): Place => (this.#sessionPlace = sessionPlace(handle, this.userId));
    const handle = this.#open();
    if (!isPromise(handle)) return settle(handle);
    const forget = (): void => void (this.#opening = undefined);
    const opening = handle.then(settle);
    this.#opening = opening;
    opening.then(forget, forget);
    return opening;
  }
}
