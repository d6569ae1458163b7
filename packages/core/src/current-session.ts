import type { Session } from './session.ts';
import { activeSession } from './session/session-context.ts';

/** Returns the session that is active here; undefined outside of one. */
export function currentSession(): Session | undefined {
  return activeSession();
}
