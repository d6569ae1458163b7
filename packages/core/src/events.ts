import type { LoopFinding } from './errors.ts';
import type { LoopAction } from './loop/loop-policy.ts';
import type { ResourcePath } from './resource/resource-path.ts';
import type { Scope } from './scope.ts';
import type { MissReason } from './store/entry-store.ts';

/** Carries what every event has. */
interface EventBase {
  /** Is when it happened, in milliseconds since the epoch. */
  readonly at: number;
  /** Names the cache. */
  readonly namespace: string;
  /** Names the session, if one was active. */
  readonly sessionId?: string | undefined;
}

/** Carries what every event about one call has. */
interface CallEvent extends EventBase {
  /** Names the tool; of a general-purpose cache, the cache. */
  readonly toolName: string;
  /** Is the id that the model gave to the call. */
  readonly toolCallId?: string | undefined;
  /** Holds the arguments themselves: read them at once, change nothing, and mind what they reveal before you export them. */
  readonly args: readonly unknown[];
}

/** Says why a read ran past the cache. */
export type BypassReason =
  | 'requested'
  | 'no-session'
  | 'no-user'
  | 'session-ended'
  | 'not-keyable'
  | 'resource-failed'
  | 'disabled'
  | 'closed'
  | 'recursion'
  | 'would-deadlock'
  | 'private-load'
  | 'store-failed';

/** Says why a result was not stored although its data had not changed. */
export type RejectReason =
  | 'not-encodable'
  | 'cache-if'
  | 'undefined'
  | 'too-large'
  | 'too-many-tags'
  | 'narrower-scope'
  | 'store-failed'
  | 'policy-failed';

/** Says that a read was answered from the cache. */
export interface CacheHitEvent extends CallEvent {
  readonly type: 'cache-hit';
  readonly scope: Scope;
  /** Is the age of the result, in milliseconds. */
  readonly ageMs: number;
  /** Is how long the load behind it had taken, in milliseconds. */
  readonly savedMs: number;
}

/** Says that a read was answered past its ttl, with a value that no invalidation has touched. */
export interface CacheStaleEvent extends CallEvent {
  readonly type: 'cache-stale';
  readonly scope: Scope;
  readonly mode: 'while-revalidate' | 'if-error';
  readonly ageMs: number;
  readonly savedMs: number;
}

/** Says that a read is about to run its tool. */
export interface CacheMissEvent extends CallEvent {
  readonly type: 'cache-miss';
  readonly scope: Scope;
  readonly reason: MissReason;
  /** Names the tool whose write invalidated the entry, or "invalidate", where this process knows it. */
  readonly invalidatedBy?: string | undefined;
  /** Lists the resources that were invalidated, where this process knows it. */
  readonly changed?: readonly ResourcePath[] | undefined;
  /** Tells whether the load runs behind a caller that already has its answer. */
  readonly background: boolean;
}

/** Says that a read was answered by a load that was already running when it came. */
export interface CallCoalescedEvent extends CallEvent {
  readonly type: 'call-coalesced';
  readonly scope: Scope;
}

/** Says that a call runs past the cache: a read is not stored, a write finds nothing to invalidate. */
export interface CallBypassedEvent extends CallEvent {
  readonly type: 'call-bypassed';
  readonly reason: BypassReason;
  /** Says more, for people: the obstacle in the arguments, the message of the store's error. */
  readonly detail?: string | undefined;
}

/** Says that a tool has run. */
export interface ToolExecutedEvent extends CallEvent {
  readonly type: 'tool-executed';
  readonly kind: 'read' | 'write' | 'other';
  readonly durationMs: number;
  readonly outcome: 'ok' | 'error';
  readonly error?: unknown;
}

/** Says that a result was stored. */
export interface EntryStoredEvent extends CallEvent {
  readonly type: 'entry-stored';
  readonly scope: Scope;
  readonly bytes: number;
  readonly ttlMs: number;
  readonly resources: readonly ResourcePath[];
}

/** Says that a result was not stored because something newer stood in its way. Its own callers have received it. */
export interface EntrySupersededEvent extends CallEvent {
  readonly type: 'entry-superseded';
  readonly reason: 'invalidated' | 'replaced' | 'session-ended';
}

/** Says that a result was not stored because it could not or should not be. Its own callers have received it. */
export interface EntryRejectedEvent extends CallEvent {
  readonly type: 'entry-rejected';
  readonly reason: RejectReason;
  readonly detail?: string | undefined;
}

/** Says that resources were invalidated. */
export interface ResourcesInvalidatedEvent extends EventBase {
  readonly type: 'resources-invalidated';
  readonly scope: Scope;
  readonly resources: readonly ResourcePath[];
  /** Says what caused it: a write before it runs (its barrier), a write after it has settled, or a call of `invalidate`. */
  readonly cause: 'barrier' | 'write' | 'manual';
  /** Names the tool that wrote. */
  readonly toolName?: string | undefined;
  /** Is the id that the model gave to the call that wrote. */
  readonly toolCallId?: string | undefined;
}

/** Says that the result of one call was dropped by its tool's `invalidate`, or a key by `delete`. */
export interface EntryDeletedEvent extends CallEvent {
  readonly type: 'entry-deleted';
  /** Tells whether there was a fresh result. */
  readonly existed: boolean;
}

/** Says that a loop was recognised. */
export interface LoopDetectedEvent extends CallEvent {
  readonly type: 'loop-detected';
  readonly finding: LoopFinding;
  readonly action: LoopAction | 'allow';
}

/** Says that a session was opened or has ended. */
export interface SessionEvent extends EventBase {
  readonly type: 'session-start' | 'session-end';
  readonly sessionId: string;
  readonly userId?: string | undefined;
  readonly parentId?: string | undefined;
}

/** Says that the store failed; the call went on without it. */
export interface StoreErrorEvent extends EventBase {
  readonly type: 'store-error';
  readonly operation: string;
  readonly error: unknown;
}

/** Is one step of what Keepstep does: every decision is exactly one of these. */
export type KeepstepEvent =
  | CacheHitEvent
  | CacheStaleEvent
  | CacheMissEvent
  | CallCoalescedEvent
  | CallBypassedEvent
  | ToolExecutedEvent
  | EntryStoredEvent
  | EntrySupersededEvent
  | EntryRejectedEvent
  | EntryDeletedEvent
  | ResourcesInvalidatedEvent
  | LoopDetectedEvent
  | SessionEvent
  | StoreErrorEvent;

/** Receives events; what it throws is swallowed. */
export type EventListener = (event: KeepstepEvent) => void;
