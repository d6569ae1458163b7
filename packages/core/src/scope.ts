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
