import { AsyncLocalStorage } from 'node:async_hooks';

import type { Session } from '../session.ts';
import type { Blocker, CallFrame } from './call-frame.ts';

/** Is what surrounds a call: the session of a cache, and the tool call of that cache inside which we are. */
export interface ActiveContext {
  /** Is the cache that the session and the frame belong to. */
  readonly owner: object;
  readonly session: Session | undefined;
  readonly frame: CallFrame | undefined;
  /** Is what surrounds this context: a program may use several caches. */
  readonly outer: ActiveContext | undefined;
}

// Only ever entered by `run`: entering in place would leak into the caller's own async context.
const storage = new AsyncLocalStorage<ActiveContext>();

/** Returns the innermost context that belongs to a cache. */
export function activeContext(owner: object): ActiveContext | undefined {
  let context = storage.getStore();
  while (context !== undefined && context.owner !== owner) context = context.outer;
  return context;
}

/** Returns the session that is active here, whatever cache it belongs to. */
export function activeSession(): Session | undefined {
  let context = storage.getStore();
  while (context !== undefined && context.session === undefined) context = context.outer;
  return context?.session;
}

/** Returns the load that we are a part of, whatever cache it belongs to: loads of different caches may wait for each other. */
export function activeBlocker(): Blocker | undefined {
  let context = storage.getStore();
  while (context !== undefined && context.frame === undefined) context = context.outer;
  return context?.frame?.blocker;
}

/** Runs `fn` with a session and a frame active; they follow it through `await`, timers and `Promise.all`. */
export function runInContext<R>(
  owner: object,
  session: Session | undefined,
  frame: CallFrame | undefined,
  fn: () => R,
): R {
  return storage.run({ owner, session, frame, outer: storage.getStore() }, fn);
}
