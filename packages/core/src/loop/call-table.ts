import { hash } from 'node:crypto';

import { CountedCall } from './counted-call.ts';

/**
 * Is how many different calls a session keeps apart. A session that makes more forgets the one it has not seen for
 * longest, which then counts from zero again.
 */
export const MAX_CALLS = 4096;

/**
 * Finds what is known about a call by its identity, for the `MAX_CALLS` calls used last.
 *
 * Identities hold arguments, so a snapshot has digests in their place. A table that continues one goes on with digests,
 * at the price of a hash per call.
 */
export class CallTable {
  readonly #places = new Map<string, Place>();
  readonly #isDigested: boolean;
  #oldest: Place | undefined;
  #newest: Place | undefined;

  /** Starts empty, or with calls by digest in the order of use. */
  constructor(restored: readonly (readonly [digest: string, call: CountedCall])[] = []) {
    for (const [key, call] of restored) this.#add(new Place(key, call));
    this.#isDigested = restored.length > 0;
  }

  /** Returns what is known about a call, which is now the one used last. */
  use(identity: string, tool: string): CountedCall {
    const key = this.#isDigested ? digest(identity) : identity;
    const known = this.#places.get(key);
    if (known !== undefined) {
      if (known !== this.#newest) {
        this.#unlink(known);
        this.#append(known);
      }
      return known.call;
    }
    if (this.#places.size >= MAX_CALLS) {
      const oldest = this.#oldest as Place;
      this.#unlink(oldest);
      this.#places.delete(oldest.key);
    }
    const call = new CountedCall(tool);
    this.#add(new Place(key, call));
    return call;
  }

  /** Lists the calls by digest, in the order of use. */
  digests(): (readonly [digest: string, call: CountedCall])[] {
    const digests: (readonly [digest: string, call: CountedCall])[] = [];
    for (let place = this.#oldest; place !== undefined; place = place.newer) {
      digests.push([this.#isDigested ? place.key : digest(place.key), place.call]);
    }
    return digests;
  }

  #add(place: Place): void {
    this.#places.set(place.key, place);
    this.#append(place);
  }

  #append(place: Place): void {
    place.older = this.#newest;
    place.newer = undefined;
    if (this.#newest === undefined) this.#oldest = place;
    else this.#newest.newer = place;
    this.#newest = place;
  }

  #unlink(place: Place): void {
    if (place.older === undefined) this.#oldest = place.newer;
    else place.older.newer = place.newer;
    if (place.newer === undefined) this.#newest = place.older;
    else place.newer.older = place.older;
  }
}

/** Is a call in the order of use. A list of its own: to delete from a map and add again takes much longer than to link. */
class Place {
  readonly key: string;
  readonly call: CountedCall;
  newer: Place | undefined = undefined;
  older: Place | undefined = undefined;

  constructor(key: string, call: CountedCall) {
    this.key = key;
    this.call = call;
  }
}

/** Returns the SHA-256 of a text in base64url: enough to recognise it, not to read it. */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}
