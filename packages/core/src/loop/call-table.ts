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
  // In the order of use, oldest first.
  readonly #calls: Map<string, CountedCall>;
  readonly #isDigested: boolean;

  /** Starts empty, or with calls by digest in the order of use. */
  constructor(restored: readonly (readonly [digest: string, call: CountedCall])[] = []) {
    this.#calls = new Map(restored);
    this.#isDigested = restored.length > 0;
  }

  /** Returns what is known about a call, which is now the one used last. */
  use(identity: string, tool: string): CountedCall {
    const calls = this.#calls;
    const key = this.#isDigested ? digest(identity) : identity;
    const known = calls.get(key);
    if (known !== undefined) calls.delete(key);
    else if (calls.size >= MAX_CALLS) calls.delete(calls.keys().next().value as string);
    const call = known ?? new CountedCall(tool);
    calls.set(key, call);
    return call;
  }

  /** Lists the calls by digest, in the order of use. */
  digests(): (readonly [digest: string, call: CountedCall])[] {
    return Array.from(this.#calls, ([key, call]) => [this.#isDigested ? key : digest(key), call]);
  }
}

/** Returns the SHA-256 of a text in base64url: enough to recognise it, not to read it. */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}
