import type { CacheOptions, PlainMetrics } from './cache-options.ts';
import { buildCache } from './create-cache.ts';
import { checkCallable, checkKnown, checkOption } from './option-checks.ts';
import type { ToolFunction } from './tool-cache.ts';

/** Configures a memoized function: the bounds and times of a cache. */
export interface MemoizeOptions<Result = any> extends Omit<
  CacheOptions<never, never>,
  'name' | 'store' | 'load' | 'loadMany' | 'batchWindow' | 'batchSize' | 'cacheIf'
> {
  /** Leaves out the first arguments, such as a database handle, from what identifies a call. Default: 0. */
  readonly skipArgs?: number;
  /** Decides whether a result is worth storing. Default: everything but `undefined`. */
  readonly cacheIf?: (result: Result) => boolean;
}

/** Is a memoized function. */
export interface Memoized<F extends ToolFunction> {
  (...args: Parameters<F>): Promise<Awaited<ReturnType<F>>>;
  /** Drops the result of exactly this call. Tells whether there was one. */
  invalidate(...args: Parameters<F>): Promise<boolean>;
  /** Drops all results. */
  clear(): Promise<void>;
  /** Counts what happened. */
  metrics(): PlainMetrics;
}

/**
 * Remembers the results of a function by its arguments, in this process. Default bounds: 128 entries, "5m".
 *
 * A call whose arguments cannot be encoded (functions, class instances) runs the function every time.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export function memoize<F extends ToolFunction>(
  fn: F,
  options: MemoizeOptions<Awaited<ReturnType<F>>> = {},
): Memoized<F> {
  checkCallable(fn, 'fn');
  checkKnown(options, OPTIONS);
  const { skipArgs = 0, maxEntries = 128, ...rest } = options;
  const isCount = Number.isInteger(skipArgs) && skipArgs >= 0;
  checkOption(isCount, 'skipArgs', skipArgs, 'a whole number of at least 0');
  const keyOf = (args: readonly unknown[]): readonly unknown[] => (skipArgs === 0 ? args : args.slice(skipArgs));
  const cache = buildCache<readonly unknown[], any>(
    { name: fn.name || 'memoize', maxEntries, ...(rest as CacheOptions<readonly unknown[]>) },
    'bypass',
  );
  const memoized = function (this: unknown, ...args: unknown[]): Promise<unknown> {
    return cache.get(keyOf(args), { load: () => fn.apply(this, args) });
  };
  return Object.assign(Object.defineProperty(memoized, 'name', { value: fn.name, configurable: true }), {
    // A call whose arguments cannot be encoded has left nothing behind.
    invalidate: (...args: unknown[]) => cache.delete(keyOf(args)).catch(() => false),
    clear: () => cache.clear(),
    metrics: () => cache.metrics(),
  }) as unknown as Memoized<F>;
}

const OPTIONS: readonly string[] = [
  'skipArgs',
  'cacheIf',
  'maxEntries',
  'maxBytes',
  'ttl',
  'staleWhileRevalidate',
  'staleIfError',
  'earlyRefresh',
  'isolation',
  'onEvent',
  'clock',
] satisfies (keyof MemoizeOptions)[];
