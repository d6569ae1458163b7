import { cacheKey, cacheKeyPrefix } from '../codec/cache-key.ts';
import { encodeArguments, encodeCanonical } from '../codec/canonical-encoding.ts';
import type { Counters } from '../observe/counters.ts';
import type { Place } from '../session/place.ts';
import type { ResolvedPolicy } from '../tool-policy.ts';
import { RecentKeys } from './recent-keys.ts';

/** Binds a tool's name to its policy and its counters: what is the same for all calls is worked out once. */
export class ToolBinding<Policy extends ResolvedPolicy = ResolvedPolicy> {
  readonly toolName: string;
  readonly policy: Policy;
  /** Counts for the tool: a list of one. */
  readonly counters: readonly [Counters];
  readonly #namespace: string;
  readonly #keys = new WeakMap<Place, RecentKeys>();
  #lastPlace: Place | undefined;
  #lastKeys: RecentKeys | undefined;
  readonly #withSession = new WeakMap<object, readonly Counters[]>();

  constructor(toolName: string, policy: Policy, namespace: string, counters: Counters) {
    this.toolName = toolName;
    this.policy = policy;
    this.counters = [counters];
    this.#namespace = namespace;
  }

  /**
   * Returns the text that identifies a call.
   *
   * @param receiver is `this` for the policy's `key`
   * @throws NotEncodableError for arguments that cannot be encoded, and whatever the policy's `key` throws
   */
  key(place: Place, args: readonly unknown[], receiver: unknown): string {
    const { key } = this.policy;
    const keys = place === this.#lastPlace ? (this.#lastKeys as RecentKeys) : this.#keysOf(place);
    return key === undefined
      ? keys.key(args, encodeArguments)
      : cacheKey(keys.prefix, encodeCanonical(key.apply(receiver, args as unknown[])));
  }

  /** Returns the counters of the tool and of a session, with those above it. */
  countersWith(session: { readonly counters: readonly Counters[] }): readonly Counters[] {
    let counters = this.#withSession.get(session);
    if (counters === undefined) this.#withSession.set(session, (counters = [...this.counters, ...session.counters]));
    return counters;
  }

  #keysOf(place: Place): RecentKeys {
    let keys = this.#keys.get(place);
    if (keys === undefined) {
      const version = this.policy.kind === 'read' ? this.policy.version : '';
      const parts = { namespace: this.#namespace, partition: place.partition, tool: this.toolName, version };
      this.#keys.set(place, (keys = new RecentKeys(cacheKeyPrefix(parts))));
    }
    this.#lastPlace = place;
    this.#lastKeys = keys;
    return keys;
  }
}
