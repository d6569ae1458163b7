import type { Isolation } from './codec/value-snapshot.ts';
import type { Duration } from './duration.ts';
import type { ResolvedToolLoopOptions, ToolLoopOptions } from './loop/loop-policy.ts';
import type { ResourceInputs, ResourcePath } from './resource/resource-path.ts';
import type { Scope } from './scope.ts';

/** Names resources directly, or computes them from the arguments of the call. */
export type ResourceOption<Args extends readonly unknown[]> = ResourceInputs | ((...args: Args) => ResourceInputs);

/** Says how the results of a read tool are cached. */
export interface ReadOptions<Args extends readonly unknown[] = readonly any[], Result = any> {
  /** Names the tool in keys, events and errors. Default: the name of the function. */
  readonly name?: string;
  /** Names the data that the result depends on: one path, several, or a function of the arguments. Default: none, only the ttl counts. */
  readonly resource?: ResourceOption<Args>;
  /** Names further data that is known only once the result is there; as safe as `resource`. */
  readonly resultResource?: (result: Result, ...args: Args) => ResourceInputs;
  /** Says who may share the result. Default: "session". */
  readonly scope?: Scope;
  /** Is the time a result is fresh, for all results or computed from each. Default: the cache's `ttl`. */
  readonly ttl?: Duration | ((result: Result, ...args: Args) => Duration);
  /** Serves a result for this time past its ttl while a new one is loaded behind the caller. Never serves an invalidated value. Default: off. */
  readonly staleWhileRevalidate?: Duration;
  /** Serves a result for this time past its ttl when loading a new one fails. Never serves an invalidated value. Default: off. */
  readonly staleIfError?: Duration;
  /**
   * Loads a new result shortly before the ttl is over, at a random moment that is the earlier the longer a load takes
   * (XFetch, Vattani et al., VLDB 2015), so that a popular entry never expires under load. A number scales it; `true` is 1.
   * Default: off.
   */
  readonly earlyRefresh?: boolean | number;
  /** Says what a hit hands out: a fresh copy, one frozen object, or the very object. Default: "copy". */
  readonly isolation?: Isolation;
  /** Decides at once whether a result is worth storing. Default: everything but `undefined`. Errors are never stored. */
  readonly cacheIf?: (result: Result) => boolean;
  /** Returns what identifies the call. Default: all arguments. */
  readonly key?: (...args: Args) => unknown;
  /** Names the meaning of the tool; a new version never reads entries of an older one. Default: "1". */
  readonly version?: string;
  /** Tunes loop detection for this tool; `false` takes its calls out of it, the number of calls included. */
  readonly loop?: ToolLoopOptions<Args, Result> | false;
}

/** Says what a write tool invalidates. */
export interface WriteOptions<Args extends readonly unknown[] = readonly any[]> {
  /** Names the tool in events and errors. Default: the name of the function. */
  readonly name?: string;
  /** Names the data that the call changes: one path, several, or a function of the arguments. */
  readonly invalidates: ResourceOption<Args>;
  /** Says whose entries are invalidated: this session's, this user's, or everybody's. Default: "session". */
  readonly scope?: Scope;
  /**
   * Keeps everything that depends on the data from being served or stored while the write runs, for at most
   * `maxDuration`. It makes the invalidation survive the death of the writer. Default: `{ maxDuration: "30s" }` on a
   * shared store, `false` in memory, where writer and cache die together.
   */
  readonly barrier?: { readonly maxDuration: Duration } | false;
  /** Returns what identifies the call for loop detection. Default: all arguments. */
  readonly key?: (...args: Args) => unknown;
  /** Tunes loop detection for this tool; `false` takes its calls out of it, the number of calls included. */
  readonly loop?: ToolLoopOptions<Args> | false;
}

/** Says how a tool that is neither cached nor invalidates anything takes part in loop detection. */
export interface OtherOptions {
  /** Tunes loop detection for this tool; `false` takes its calls out of it, the number of calls included. */
  readonly loop?: ToolLoopOptions<readonly any[], any> | false;
}

/** Says what a tool is to the cache: the form in which adapters and `cache.call` take it. */
export type ToolPolicy<Args extends readonly unknown[] = readonly any[], Result = any> =
  | ({ readonly kind: 'read' } & ReadOptions<Args, Result>)
  | ({ readonly kind: 'write' } & WriteOptions<Args>)
  | ({ readonly kind: 'other' } & OtherOptions);

/** Is a read policy with every default filled in. */
export interface ResolvedReadPolicy {
  readonly kind: 'read';
  readonly resources: (args: readonly unknown[]) => readonly ResourcePath[];
  readonly resultResources: ((result: unknown, args: readonly unknown[]) => readonly ResourcePath[]) | undefined;
  readonly scope: Scope;
  readonly ttlMs: (result: unknown, args: readonly unknown[]) => number;
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  readonly earlyRefresh: number;
  readonly isolation: Isolation;
  readonly cacheIf: ((result: unknown) => boolean) | undefined;
  readonly key: ((...args: readonly unknown[]) => unknown) | undefined;
  readonly version: string;
  readonly loop: ResolvedToolLoopOptions | false | undefined;
}

/** Is a write policy with every default filled in. */
export interface ResolvedWritePolicy {
  readonly kind: 'write';
  readonly resources: (args: readonly unknown[]) => readonly ResourcePath[];
  readonly scope: Scope;
  /** Is the longest time the barrier stands, in milliseconds; 0 means none. */
  readonly barrierMs: number;
  readonly key: ((...args: readonly unknown[]) => unknown) | undefined;
  readonly loop: ResolvedToolLoopOptions | false | undefined;
}

/** Is the policy of a tool that only counts for loops. */
interface ResolvedOtherPolicy {
  readonly kind: 'other';
  readonly key: undefined;
  readonly loop: ResolvedToolLoopOptions | false | undefined;
}

/** Is a policy with every default filled in. */
export type ResolvedPolicy = ResolvedReadPolicy | ResolvedWritePolicy | ResolvedOtherPolicy;
