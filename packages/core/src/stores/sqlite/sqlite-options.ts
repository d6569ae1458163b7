import { systemClock, type Clock } from '../../clock.ts';
import { parseDuration, type Duration } from '../../duration.ts';
import { InvalidOptionError } from '../../errors.ts';
import { checkCount, checkKnown, checkMethods, checkOneOf, checkText } from '../../option-checks.ts';

/** Configures the SQLite store. */
export interface SqliteStoreOptions {
  /** Is the file. It is made where there is none; its folder has to be there. */
  readonly path: string;
  /**
   * Says what an invalidation or a change of durable state survives that was acknowledged: `"fsync"` a power cut, `"process"`
   * the end of every process but no power cut, after which the cache starts empty and the last changes of state may be gone.
   * Default: "fsync".
   */
  readonly durability?: 'fsync' | 'process';
  /** Bounds the number of entries in the file; 0 stores nothing. Default: 100 000. */
  readonly maxEntries?: number;
  /** Bounds the size of all entries in the file, in bytes. Default: 256 MiB. */
  readonly maxBytes?: number;
  /** Bounds the number of invalidated resources that are remembered; forgetting one costs misses, never freshness. Default: 100 000. */
  readonly maxTags?: number;
  /** Bounds the number of entries of which this process keeps a copy; 0 keeps none. Default: 1 000. */
  readonly maxCopies?: number;
  /** Bounds the estimated size of these copies, in bytes. Default: 32 MiB. */
  readonly maxCopyBytes?: number;
  /** Is how long a load whose process has died holds up other processes; a live one keeps its lease. Default: "15s". */
  readonly lease?: Duration;
  /** Is how long a load keeps its lease although it does not end. Default: "5m". */
  readonly maxLoad?: Duration;
  /** Is the time after which a session ends that no living process has open. Default: "1h". */
  readonly sessionIdle?: Duration;
  /** Is how long an operation waits for another process, the event loop with it. Default: "1s". */
  readonly busyTimeout?: Duration;
  /** Is the time between two sweeps for entries whose time is over. Default: "30s". */
  readonly sweepInterval?: Duration;
  /** Gives the time. Default: the clock of the machine. */
  readonly clock?: Clock;
}

/** Holds the options with their defaults, all durations in milliseconds. */
export interface SqliteSettings {
  readonly path: string;
  readonly syncsInvalidations: boolean;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly maxTags: number;
  readonly maxCopies: number;
  readonly maxCopyBytes: number;
  readonly leaseMs: number;
  readonly maxLoadMs: number;
  readonly sessionIdleMs: number;
  readonly busyMs: number;
  readonly sweepMs: number;
  readonly clock: Clock;
}

const OPTIONS: readonly (keyof SqliteStoreOptions)[] = [
  'path',
  'durability',
  'maxEntries',
  'maxBytes',
  'maxTags',
  'maxCopies',
  'maxCopyBytes',
  'lease',
  'maxLoad',
  'sessionIdle',
  'busyTimeout',
  'sweepInterval',
  'clock',
];

/** Checks the options and fills in the defaults. @throws InvalidOptionError */
export function resolveSqliteOptions(options: SqliteStoreOptions): SqliteSettings {
  checkKnown(options, OPTIONS);
  const count = (option: 'maxEntries' | 'maxBytes' | 'maxTags' | 'maxCopies' | 'maxCopyBytes', byDefault: number) =>
    checkCount(options[option] ?? byDefault, option, option === 'maxTags' ? 1 : 0);
  const duration = (
    option: 'lease' | 'maxLoad' | 'sessionIdle' | 'busyTimeout' | 'sweepInterval',
    byDefault: Duration,
  ) => parseDuration(options[option] ?? byDefault, option);
  return {
    path: checkPath(options.path),
    syncsInvalidations: checkOneOf(options.durability ?? 'fsync', 'durability', ['fsync', 'process']) === 'fsync',
    maxEntries: count('maxEntries', 100_000),
    maxBytes: count('maxBytes', 256 * 1024 * 1024),
    maxTags: count('maxTags', 100_000),
    maxCopies: count('maxCopies', 1_000),
    maxCopyBytes: count('maxCopyBytes', 32 * 1024 * 1024),
    leaseMs: duration('lease', '15s'),
    maxLoadMs: duration('maxLoad', '5m'),
    sessionIdleMs: duration('sessionIdle', '1h'),
    busyMs: Math.ceil(duration('busyTimeout', '1s')),
    sweepMs: duration('sweepInterval', '30s'),
    clock: checkMethods(options.clock ?? systemClock, 'clock', ['now', 'after']),
  };
}

/** A database in memory would be another one for every store that opens it. */
function checkPath(path: string): string {
  checkText(path, 'path');
  if (!path.startsWith(':') && !/^file:/i.test(path) && !path.includes('\0')) return path;
  throw new InvalidOptionError('path', path, 'the path of a file; a store in memory is memoryStore()');
}
