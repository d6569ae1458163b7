import { StateError } from '../errors.ts';
import type { ApplyResult } from '../store/document-store.ts';

/** Makes the error for a change that the store has refused. */
export function refusedChange(result: Extract<ApplyResult, { kind: 'refused' }>): StateError {
  const { key, version, fence } = result;
  const subject = JSON.stringify(key);
  switch (result.reason) {
    case 'version':
      return new StateError(
        'version_conflict',
        version === 0 ? `There is no value under ${subject}.` : `The value under ${subject} has version ${version}.`,
        { subject: key, version },
      );
    case 'fence':
      return new StateError(
        'stale_fence',
        `A later holder of the lock has written to ${subject}, with fence ${fence}: the lease of this one is over.`,
        { subject: key, fence },
      );
    case 'not-a-number':
      return new StateError('wrong_type', `The value under ${subject} is no number that can be counted up.`, {
        subject: key,
        version,
      });
    case 'not-a-list':
      return new StateError('wrong_type', `The value under ${subject} is no list that can be appended to.`, {
        subject: key,
        version,
      });
    case 'overflow':
      return new StateError('number_overflow', `The number under ${subject} would be larger than 2^53 - 1.`, {
        subject: key,
        version,
      });
    case 'too-large':
      return new StateError('value_too_large', `The list under ${subject} would be larger than maxValueBytes.`, {
        subject: key,
        version,
      });
    default:
      return result.reason satisfies never;
  }
}
