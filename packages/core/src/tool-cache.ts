import type { Clock } from './clock.ts';
import type { Duration } from './duration.ts';
import type { BypassReason, EventListener } from './events.ts';
import type { Metrics } from './metrics.ts';
import type { ResourceInput, ResourcePath } from './resource/resource-path.ts';
import type { Scope } from './scope.ts';
import type { Session, SessionOptions } from './session.ts';
import type { Store } from './store/store.ts';
import type { Execution, ToolCall, ToolOutcome } from './tool-call.ts';
import type { ReadOptions, ToolPolicy, WriteOptions } from './tool-policy.ts';

/** Configures a tool cache. */
export interface ToolCacheOptions {
  /** Holds the entries. Default: a `memoryStore()` of its own. A store that you pass in, you close. */
  readonly store?: Store;
  /** Separates keys, resources and metrics from those of other caches on the same store. Default: "default". */
  readonly namespace?: string;
  /** Is the time the results of read tools are fresh, where a tool does not say otherwise. Default: "5m". */
  readonly ttl?: Duration;
  /**
   * Says how copies in this process are checked against a shared store: "strict" asks before every use, and
   * `{ maxStaleness }` lets other processes' invalidations take that long to arrive. In memory both are the same.
   * Default: "strict".
   */
  readonly consistency?: 'strict' | { readonly maxStaleness: Duration };
  /** Receives every event; what it throws is swallowed. More listeners: `cache.on`. */
  readonly onEvent?: EventListener;
  /** Gives the time. Default: the clock of the machine. */
  readonly clock?: Clock;
}

/** Caches the results of tools and keeps them in step with the data behind them. */
export interface ToolCache extends AsyncDisposable {
  readonly namespace: string;
  /**
   * Wraps a tool that only reads: identical calls run once, until the data changes or the ttl is over.
   *
   * @throws InvalidOptionError for an option that is not allowed
   */
  read<F extends ToolFunction>(fn: F, options: ReadOptions<Parameters<F>, Awaited<ReturnType<F>>>): ReadTool<F>;
  /**
   * Wraps a tool that changes data: once a call has settled, failed or not, no read serves what was loaded before.
   *
   * @throws InvalidOptionError for an option that is not allowed
   */
  write<F extends ToolFunction>(fn: F, options: WriteOptions<Parameters<F>>): WriteTool<F>;
  /**
   * Decorates a method that only reads. Instances do not share results, unless `key` says what identifies a call (it is
   * called with the instance as `this`).
   */
  readMethod<F extends ToolFunction>(options: ReadOptions<Parameters<F>, Awaited<ReturnType<F>>>): MethodDecorator<F>;
  /** Decorates a method that changes data. */
  writeMethod<F extends ToolFunction>(options: WriteOptions<Parameters<F>>): MethodDecorator<F>;
  /** Opens a session, runs `fn` with it active, and ends it, whether `fn` succeeds or fails. */
  session<R>(options: SessionOptions, fn: (session: Session) => R | Promise<R>): Promise<R>;
  /** Opens a session that you end: `await using session = cache.openSession({ id })`. */
  openSession(options?: SessionOptions): Session;
  /** Invalidates resources for everybody: session and user results that depend on them included. */
  invalidate(...resources: readonly ResourceInput[]): Promise<void>;
  /**
   * Runs one tool call through the cache: what `read`, `write` and every adapter use.
   *
   * @throws AgentLoopDetectedError when the call closes a loop and the session says "raise"
   */
  call<R>(
    call: ToolCall,
    policy: ToolPolicy,
    execute: (execution: Execution) => R | Promise<R>,
  ): Promise<ToolOutcome<R>>;
  /**
   * Runs one call of a streaming tool through the cache: yields its parts as they come where this call runs the tool, none
   * where it is answered otherwise, and returns the outcome. What the tool returns is its result; its parts are not kept.
   *
   * @throws AgentLoopDetectedError when the call closes a loop and the session says "raise"
   */
  stream<Part, R>(
    call: ToolCall,
    policy: ToolPolicy,
    execute: (execution: Execution) => AsyncGenerator<Part, R, void>,
  ): AsyncGenerator<Part, ToolOutcome<R>, void>;
  /**
   * Declares a tool ahead of its first call through `call` or `stream`, so that a mistake in its policy is found at once.
   *
   * @throws InvalidOptionError for an option that is not allowed
   */
  declare(toolName: string, policy: ToolPolicy): void;
  /** Tells what a call of a wrapped tool would find here and now, without running or counting anything. */
  explain(toolName: string, ...args: readonly unknown[]): Promise<Explanation>;
  /** Counts what happened in this cache, by tool and by resource too. */
  metrics(): CacheMetrics;
  /** Formats the metrics in the Prometheus text format. */
  prometheus(): Promise<string>;
  /** Adds a listener for every event; the returned function removes it. */
  on(listener: EventListener): () => void;
  /** Stops caching: tools go on working, past the cache. Closes the store if the cache opened it. */
  close(): Promise<void>;
}

/** Is a function that may be wrapped. */
export type ToolFunction = (...args: any[]) => unknown;

/** Is a wrapped function: the same arguments, and a promise of the same result. */
export type Wrapped<F extends ToolFunction> = (...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>;

/** Replaces a method by its wrapped form (a standard decorator). */
export type MethodDecorator<F extends ToolFunction> = (method: F, context: ClassMethodDecoratorContext) => F;

/** Describes a wrapped tool. */
export interface ToolDescription {
  readonly name: string;
  readonly kind: 'read' | 'write';
  readonly scope: Scope;
}

/** Passes explicitly what a call otherwise finds around it. */
export interface CallOptions {
  /** Is the session of the call. */
  readonly session?: Session;
  /** Lets this caller stop waiting; others who wait for the same result are unharmed. */
  readonly signal?: AbortSignal;
  /** Is the id that the model gave to the call, for events. */
  readonly toolCallId?: string;
}

/** Is what wrapped tools have beside the call itself. */
export interface ToolExtras<F extends ToolFunction> {
  readonly tool: ToolDescription;
  /** Returns the tool with session, signal or id passed explicitly: `getCart.with({ session })("user_1")`. */
  with(options: CallOptions): Wrapped<F>;
  /** Tells what this call would find here and now, without running or counting anything. */
  explain(...args: Parameters<F>): Promise<Explanation>;
  /** Counts what happened to this tool. */
  metrics(): Metrics;
}

/** Is a wrapped read. */
export interface ReadTool<F extends ToolFunction> extends ToolExtras<F> {
  (...args: Parameters<F>): Promise<Awaited<ReturnType<F>>>;
  /** Drops the result of exactly this call, and supersedes a load of it that is running. Tells whether there was one. */
  invalidate(...args: Parameters<F>): Promise<boolean>;
  /** Returns the tool with session, signal or id passed explicitly, its other methods included. */
  with(options: CallOptions): Wrapped<F> & Pick<ReadTool<F>, 'explain' | 'invalidate'>;
}

/** Is a wrapped write. */
export interface WriteTool<F extends ToolFunction> extends ToolExtras<F> {
  (...args: Parameters<F>): Promise<Awaited<ReturnType<F>>>;
  /** Invalidates what this call would invalidate, without running it. */
  invalidate(...args: Parameters<F>): Promise<void>;
  /** Returns the tool with session, signal or id passed explicitly, its other methods included. */
  with(options: CallOptions): Wrapped<F> & Pick<WriteTool<F>, 'explain' | 'invalidate'>;
}

/** Says what a call would find. */
export interface Explanation {
  readonly toolName: string;
  readonly kind: 'read' | 'write' | 'other';
  /** Is where the result would live, or where the write would reach; a tool of kind `other` has none. */
  readonly scope: Scope | undefined;
  /** Says how the call would be answered: what is not a read is always `executed`. */
  readonly status: 'hit' | 'miss' | 'stale' | 'coalesced' | 'bypass' | 'executed';
  /** Says why. */
  readonly reason: 'fresh' | 'absent' | 'expired' | 'invalidated' | 'loading' | 'not-a-read' | BypassReason;
  /** Names the tool whose write invalidated the entry, or "invalidate", where this process knows it. */
  readonly invalidatedBy?: string | undefined;
  /** Is the SHA-256 of the key, as stores outside the process see it. */
  readonly keyHash?: string | undefined;
  /** Lists what the result depends on, or what the write invalidates. */
  readonly resources: readonly ResourcePath[];
  /** Is the age of the entry, in milliseconds. */
  readonly ageMs?: number | undefined;
  /** Is the time until the ttl is over, in milliseconds; negative when it is. */
  readonly expiresInMs?: number | undefined;
  /** Estimates the size of the entry's value. */
  readonly bytes?: number | undefined;
}

/** Counts what happened in one cache. */
export interface CacheMetrics extends Metrics {
  /** Counts by tool. */
  readonly tools: Readonly<Record<string, Metrics>>;
  /** Counts by the first segment of a resource. */
  readonly resources: Readonly<Record<string, Metrics>>;
  /** Counts the entries held in this process. */
  readonly entries: number;
  /** Estimates their size. */
  readonly bytes: number;
  /** Counts entries that were evicted to stay within bounds. */
  readonly evictions: number;
}
