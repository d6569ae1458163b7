import { cacheKeyPrefix } from '../codec/cache-key.ts';
import { encodeArguments, encodeCanonical } from '../codec/canonical-encoding.ts';
import type { Counters } from '../observe/counters.ts';
import type { Place } from '../session/place.ts';
import type { EntryAddress } from '../store/entry-store.ts';
import type { ResolvedPolicy } from '../tool-policy.ts';
import { RecentAddresses } from './recent-addresses.ts';

/** Binds a tool's name to its policy and its counters: what is the same for all calls is worked out once. */
export class ToolBinding<Policy extends ResolvedPolicy = ResolvedPolicy> {
  readonly toolName: string;
  readonly policy: Policy;
  /** Counts for the tool: a list of one. */
  readonly counters: readonly [Counters];
  readonly #namespace: string;
  readonly #addresses = new WeakMap<Place, RecentAddresses>();
  #lastPlace: Place | undefined;
  #lastAddresses: RecentAddresses | undefined;
  readonly #withSession = new WeakMap<object, readonly Counters[]>();

  constructor(toolName: string, policy: Policy, namespace: string, counters: Counters) {
    this.toolName = toolName;
    this.policy = policy;
    this.counters = [counters];
    this.#namespace = namespace;
  }

  /**
   * Returns where the result of a call lives.
   *
   * @param receiver is `this` for the policy's `key`
   * @throws NotEncodableError for arguments that cannot be encoded, and whatever the policy's `key` throws
   */
  address(place: Place, args: readonly unknown[], receiver: unknown): EntryAddress {
    const { key } = this.policy;
    const addresses = this.#addressesIn(place);
    return key === undefined
      ? addresses.of(args, encodeArguments)
      : addresses.spelt(encodeCanonical(key.apply(receiver, args as unknown[])));
  }

  /** Returns where the result of a call lives that was made lately and is identified by its arguments alone. */
  recall(place: Place, args: readonly unknown[]): EntryAddress | undefined {
    return this.policy.key === undefined ? this.#addressesIn(place).recall(args) : undefined;
  }

  /** Returns the counters of the tool and of a session, with those above it. */
  countersWith(session: { readonly counters: readonly Counters[] }): readonly Counters[] {
    let counters = this.#withSession.get(session);
    if (counters === undefined) this.#withSession.set(session, (counters = [...this.counters, ...session.counters]));
    return counters;
  }

  #addressesIn(place: Place): RecentAddresses {
    if (place === this.#lastPlace) return this.#lastAddresses as RecentAddresses;
    let addresses = this.#addresses.get(place);
    if (addresses === undefined) {
      const version = this.policy.kind === 'read' ? this.policy.version : '';
      const parts = { namespace: this.#namespace, partition: place.partition, tool: this.toolName, version };
      addresses = new RecentAddresses(cacheKeyPrefix(parts), place.session);
      this.#addresses.set(place, addresses);
    }
    this.#lastPlace = place;
    this.#lastAddresses = addresses;
    return addresses;
  }
}
