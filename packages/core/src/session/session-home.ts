import { isPromise, type MaybePromise } from '../maybe-promise.ts';
import type { SessionHandle } from '../store/entry-store.ts';
import { sessionPlace, userPlace, type Place } from './place.ts';

/** Is where a session and its children keep their results: one opening in the store, one user. */
export class SessionHome {
  readonly id: string;
  readonly userId: string | undefined;
  /** Is the session in the store; a promise while the store has not answered yet. */
  readonly opening: MaybePromise<SessionHandle>;
  readonly #userPlace: Place | undefined;
  #sessionPlace: Place | undefined;

  constructor(id: string, userId: string | undefined, opening: MaybePromise<SessionHandle>) {
    this.id = id;
    this.userId = userId;
    this.opening = opening;
    this.#userPlace = userId === undefined ? undefined : userPlace(userId);
    const open = (handle: SessionHandle): void => void (this.#sessionPlace = sessionPlace(handle, userId));
    if (isPromise(opening)) opening.then(open).catch(() => undefined);
    else open(opening);
  }

  /** Returns the place of a scope; "no-user" when the user is unknown, a promise while the store has not answered yet. */
  place(scope: 'session' | 'user'): MaybePromise<Place | 'no-user'> {
    if (scope === 'user') return this.#userPlace ?? 'no-user';
    return this.#sessionPlace ?? (this.opening as Promise<SessionHandle>).then(() => this.#sessionPlace as Place);
  }
}
