import { KeepstepError, NotEncodableError } from '@keepstep/core';

/** Tells whether an error says that a value cannot be kept. */
export function isNotEncodable(error: unknown): error is NotEncodableError {
  return KeepstepError.isInstance(error) && error.code === 'not_encodable';
}

/**
 * Returns the error that tells the author of a graph what to do about a value that cannot be kept; other errors stay.
 *
 * @param subject says what the value is part of
 */
export function withAdvice(error: unknown, subject: string): unknown {
  if (!isNotEncodable(error)) return error;
  return new NotEncodableError(error.path, error.obstacle, `It is part of ${subject}. ${ADVICE}`);
}

const ADVICE =
  'Store plain data in its place, keep it out of the state, or give the option serde: new MemorySaver().serde, which ' +
  'stores what JSON makes of such a value.';
