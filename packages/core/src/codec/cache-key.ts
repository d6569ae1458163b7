import { lengthPrefixed } from './length-prefixed.ts';

/** Says which call a cached result belongs to, apart from its arguments. */
export interface CacheKeyParts {
  /** Separates caches that share one store. */
  readonly namespace: string;
  /** Separates those who must not see each other's results: one session, one user, or everybody. */
  readonly partition: string;
  /** Names the tool. */
  readonly tool: string;
  /** Names the meaning of the tool; results of another version are never found. */
  readonly version: string;
}

/**
 * Returns the part of a key that all calls of one tool in one partition share. Each component is preceded by its length,
 * so no text in it can pass for another component.
 */
export function cacheKeyPrefix({ namespace, partition, tool, version }: CacheKeyParts): string {
  return lengthPrefixed(namespace) + lengthPrefixed(partition) + lengthPrefixed(tool) + lengthPrefixed(version);
}

/** Returns the key of one call: different for any two calls that differ in a component of the prefix or an argument. */
export function cacheKey(prefix: string, argsText: string): string {
  // Joined, not added: V8 keeps a sum in two parts, which cost memory for as long as the key lives.
  return [prefix, argsText].join('');
}
