/**
 * Says who may share a result.
 *
 * - `session`: only calls of the same session; the entry dies with it. The default.
 * - `user`: all sessions of the same user.
 * - `global`: everybody.
 *
 * Without a session (or a known user, for `user`) nothing is cached: the tool runs and an event says why.
 */
export type Scope = 'session' | 'user' | 'global';

/** Orders scopes from the narrowest to the widest; a result never becomes visible in a wider one than it was read in. */
export const SCOPE_WIDTH: Readonly<Record<Scope, number>> = { session: 0, user: 1, global: 2 };
