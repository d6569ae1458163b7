import { encodeArguments } from '../codec/canonical-encoding.ts';
import { kindOf } from '../codec/value-kind.ts';
import type { ResolvedToolLoopOptions } from './loop-policy.ts';

/**
 * Returns what identifies a call for loop detection, by the tool's `key` or `ignore`.
 *
 * Without either it is the very array that came in, so that the caller can tell by `===` that the identity computed for
 * the cache serves here too. What `key` throws passes through.
 */
export function loopArguments(
  args: readonly unknown[],
  policy: ResolvedToolLoopOptions | undefined,
): readonly unknown[] {
  if (policy?.key !== undefined) return [policy.key(...args)];
  const [first, ...rest] = args;
  // A copy of anything but a plain object, a class instance for one, would no longer be what it was.
  const isPlain = typeof first === 'object' && first !== null && kindOf(first) === 'Object';
  if (policy === undefined || policy.ignore.length === 0 || !isPlain) return args;
  return [Object.fromEntries(Object.entries(first).filter(([name]) => !policy.ignore.includes(name))), ...rest];
}

/** Returns what tells a call from others; undefined for arguments that cannot be encoded: it is like no other then. */
export function callIdentity(toolName: string, args: readonly unknown[]): string | undefined {
  try {
    return `${toolName}\n${encodeArguments(args)}`;
  } catch {
    return undefined;
  }
}
