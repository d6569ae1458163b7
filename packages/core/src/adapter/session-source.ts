import type { Session } from '../session.ts';

/**
 * Names the session of a call: always the same one, or what a function finds in the context that the framework hands over.
 * Where it names none, the session that is active around the call counts.
 */
export type SessionSource<Context> = Session | ((context: Context) => Session | undefined);

/** Returns the session of one call; undefined leaves it to what is active around the call. */
export function sessionFrom<Context>(
  source: SessionSource<Context> | undefined,
  context: Context,
): Session | undefined {
  return typeof source === 'function' ? source(context) : source;
}
