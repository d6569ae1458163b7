import type { Engine } from './cache/engine.ts';
import type { ToolBinding } from './cache/tool-binding.ts';
import { hashKey } from './codec/key-hash.ts';
import type { BypassReason } from './events.ts';
import type { ResourcePath } from './resource/resource-path.ts';
import type { Place } from './session/place.ts';
import type { EntryAddress } from './store/entry-store.ts';
import type { Explanation } from './tool-cache.ts';

/** Is what is to be explained. Comes with the functions that the cache has at hand, so that bundlers do not part it for them. */
interface Explained extends Pick<ToolBinding, 'toolName' | 'policy'> {
  readonly address: (place: Place) => EntryAddress;
  readonly tagsIn: (place: Place, paths: readonly ResourcePath[]) => readonly string[];
}

/**
 * Tells what a call would find, without running or counting anything.
 *
 * @param place is where the result would live, or why it lives nowhere
 */
export async function explainCall(
  { clock, entries, journal }: Engine,
  { toolName, policy, ...binding }: Explained,
  args: readonly unknown[],
  place: Place | BypassReason,
): Promise<Explanation> {
  const scope = policy.kind === 'other' ? undefined : policy.scope;
  const base = { toolName, kind: policy.kind, scope, resources: [] as Explanation['resources'] };
  const bypass = (reason: Explanation['reason']): Explanation => ({ ...base, status: 'bypass', reason });
  try {
    if (policy.kind !== 'other') base.resources = policy.resources(args);
  } catch {
    return bypass('resource-failed');
  }
  if (typeof place === 'string') return bypass(place);
  if (policy.kind !== 'read') return { ...base, status: 'executed', reason: 'not-a-read' };

  const tags = binding.tagsIn(place, base.resources);
  let address: EntryAddress;
  try {
    address = binding.address(place);
  } catch {
    return bypass('not-keyable');
  }
  const { state, entry, culprit } = await entries.inspect(address, tags);
  if (state === 'ended') return bypass('session-ended');
  const now = clock.now();
  const details = entry && {
    ageMs: now - entry.storedAt,
    expiresInMs: entry.freshUntil - now,
    bytes: entry.snapshot.bytes,
  };
  const isStale = state === 'expired' && entry !== undefined && now < entry.freshUntil + policy.staleWhileRevalidateMs;
  const status = isStale ? 'stale' : state === 'fresh' ? 'hit' : state === 'loading' ? 'coalesced' : 'miss';
  return {
    ...base,
    status,
    reason: state,
    invalidatedBy: journal.causeOf(culprit)?.by,
    keyHash: hashKey(address.key),
    ...details,
  };
}
