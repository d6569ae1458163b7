/** Is the part of a configuration of LangGraph that names the thread. */
export type Configurable = Readonly<Record<string, unknown>> | undefined;

/** Returns the thread that a configuration names; undefined where it names none. */
export function threadOf(configurable: Configurable): string | undefined {
  const id = configurable?.['thread_id'];
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/**
 * Names the session of a thread; undefined where there is no thread. Each user of the thread has one: what is cached for a
 * user is found through it.
 */
export function sessionIdOf(configurable: Configurable, userOf: () => string | undefined): string | undefined {
  const thread = threadOf(configurable);
  if (thread === undefined) return undefined;
  const user = userOf();
  // A thread may be named like one with a user: then it is written as such, without one.
  return user === undefined && !thread.startsWith('[') ? thread : JSON.stringify([thread, user]);
}
