import { takeSnapshot, type ValueSnapshot } from '../codec/value-snapshot.ts';
import { KeepstepError, messageOf } from '../errors.ts';
import type { RejectReason } from '../events.ts';
import type { CallFrame } from '../session/call-frame.ts';
import type { LoadRequest } from './read-request.ts';

/** Bounds the tags of one entry: one with more dies at every write anyway, and stores have limits. */
const MAX_TAGS = 128;

/** Is the decision on a result. */
export type Admission =
  | {
      readonly admitted: true;
      readonly snapshot: ValueSnapshot;
      readonly tags: readonly string[];
      readonly ttlMs: number;
    }
  | { readonly admitted: false; readonly reason: RejectReason; readonly detail?: string | undefined };

/**
 * Decides whether the result of a load may be stored. Never throws: a policy that fails keeps the result out of the
 * cache, not from its caller.
 *
 * @param frame is the call that loaded it, and knows what was read inside
 */
export function admit(
  result: unknown,
  request: Pick<LoadRequest, 'rules' | 'place' | 'ttlMs'>,
  frame: CallFrame,
): Admission {
  const { isolation, cacheIf } = request.rules;
  try {
    if (cacheIf === undefined && result === undefined) return refuse('undefined');
    const isWorthIt: unknown = cacheIf === undefined || cacheIf(result);
    if (isWorthIt instanceof Promise) {
      isWorthIt.catch(() => undefined);
      return refuse('policy-failed', 'cacheIf returned a promise: it must decide at once');
    }
    if (!isWorthIt) return refuse('cache-if');
    const foreign = frame.privateTo(request.place);
    if (foreign !== undefined)
      return refuse('narrower-scope', `it was computed from a result of scope "${foreign.scope}"`);
    if (frame.isOpaque) return refuse('policy-failed', 'it is not known what the result depends on');
    const { tags } = frame;
    if (tags.length > MAX_TAGS) return refuse('too-many-tags', `${tags.length} of at most ${MAX_TAGS}`);
    return {
      admitted: true,
      ttlMs: request.ttlMs(result),
      // Copied: a list that has grown has room for more, which an entry would keep for as long as it lives.
      tags: tags.slice(),
      snapshot: takeSnapshot(result, isolation),
    };
  } catch (error) {
    const isEncoding = KeepstepError.isInstance(error) && error.code === 'not_encodable';
    return refuse(isEncoding ? 'not-encodable' : 'policy-failed', messageOf(error));
  }
}

function refuse(reason: RejectReason, detail?: string): Admission {
  return { admitted: false, reason, detail };
}
