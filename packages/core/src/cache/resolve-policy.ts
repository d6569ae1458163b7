import { parseDuration, type Duration } from '../duration.ts';
import { resolveToolLoopOptions } from '../loop/loop-policy.ts';
import { checkFunction, checkKnown, checkOptionNames, checkOneOf, checkOption, checkText } from '../option-checks.ts';
import { parseResources, type ResourcePath } from '../resource/resource-path.ts';
import type { Scope } from '../scope.ts';
import type {
  OtherOptions,
  ReadOptions,
  ResolvedPolicy,
  ResolvedReadPolicy,
  ResolvedWritePolicy,
  ResourceOption,
  ToolPolicy,
  WriteOptions,
} from '../tool-policy.ts';

/** Holds what a cache contributes to the defaults of its tools. */
export interface PolicyDefaults {
  readonly ttlMs: number;
  readonly sharedStore: boolean;
}

/**
 * Fills in the defaults of a policy, once, where it is given.
 *
 * @throws InvalidOptionError for the first option that is not allowed
 */
export function resolvePolicy(policy: ToolPolicy, defaults: PolicyDefaults): ResolvedPolicy {
  const { kind, ...options } = policy ?? {};
  checkOneOf(kind, 'kind', ['read', 'write', 'other']);
  if (kind === 'read') return resolveReadPolicy(options as ReadOptions, defaults);
  if (kind === 'write') return resolveWritePolicy(options as WriteOptions, defaults);
  checkKnown(options, ['loop']);
  return { kind, key: undefined, loop: resolveToolLoopOptions((options as OtherOptions).loop) };
}

/** Fills in the defaults of a read policy. */
export function resolveReadPolicy(options: ReadOptions, defaults: PolicyDefaults): ResolvedReadPolicy {
  checkKnown(options, READ_OPTIONS);
  const { ttl, resultResource, earlyRefresh = false } = options;
  checkFunction(resultResource, 'resultResource');
  const ttlMs = ttl === undefined ? defaults.ttlMs : typeof ttl === 'function' ? undefined : parseDuration(ttl, 'ttl');
  const isFactor = typeof earlyRefresh === 'number' && earlyRefresh >= 0 && earlyRefresh < Infinity;
  const isAllowed = typeof earlyRefresh === 'boolean' || isFactor;
  checkOption(isAllowed, 'earlyRefresh', earlyRefresh, 'true, false or a number of at least 0');
  return {
    kind: 'read',
    resources: options.resource === undefined ? () => [] : resolveResource(options.resource, 'resource'),
    resultResources:
      resultResource && ((result, args) => parseResources(resultResource(result, ...args), 'resultResource')),
    scope: resolveScope(options.scope),
    ttlMs: (result, args) => ttlMs ?? parseDuration((ttl as TtlFunction)(result, ...args), 'ttl'),
    staleWhileRevalidateMs: resolveWindow(options.staleWhileRevalidate, 'staleWhileRevalidate'),
    staleIfErrorMs: resolveWindow(options.staleIfError, 'staleIfError'),
    earlyRefresh: Number(earlyRefresh),
    isolation: checkOneOf(options.isolation ?? 'copy', 'isolation', ['copy', 'freeze', 'share']),
    cacheIf: checkFunction(options.cacheIf, 'cacheIf'),
    key: checkFunction(options.key, 'key'),
    version: checkText(options.version ?? '1', 'version'),
    loop: resolveToolLoopOptions(options.loop),
  };
}

/** Fills in the defaults of a write policy. */
export function resolveWritePolicy(options: WriteOptions, defaults: PolicyDefaults): ResolvedWritePolicy {
  checkKnown(options, WRITE_OPTIONS);
  const { barrier = defaults.sharedStore && { maxDuration: '30s' } } = options;
  return {
    kind: 'write',
    resources: resolveResource(options.invalidates, 'invalidates'),
    scope: resolveScope(options.scope),
    barrierMs: resolveBarrier(barrier),
    key: checkFunction(options.key, 'key'),
    loop: resolveToolLoopOptions(options.loop),
  };
}

type TtlFunction = (result: unknown, ...args: readonly unknown[]) => Duration;

const COMMON_OPTIONS = ['name', 'scope', 'key', 'loop'] as const;
const READ_OPTIONS: readonly string[] = [
  ...COMMON_OPTIONS,
  'resource',
  'resultResource',
  'ttl',
  'staleWhileRevalidate',
  'staleIfError',
  'earlyRefresh',
  'isolation',
  'cacheIf',
  'version',
] satisfies (keyof ReadOptions)[];
const WRITE_OPTIONS: readonly string[] = [...COMMON_OPTIONS, 'invalidates', 'barrier'] satisfies (keyof WriteOptions)[];

function resolveResource(
  option: ResourceOption<readonly any[]>,
  name: string,
): (args: readonly unknown[]) => readonly ResourcePath[] {
  if (typeof option === 'function') return (args) => parseResources(option(...args), name);
  const paths = parseResources(option, name, checkOption);
  return () => paths;
}

function resolveScope(scope: Scope = 'session'): Scope {
  return checkOneOf(scope, 'scope', ['session', 'user', 'global']);
}

function resolveWindow(window: Duration | undefined, option: string): number {
  return window === undefined ? 0 : parseDuration(window, option);
}

function resolveBarrier(barrier: NonNullable<WriteOptions['barrier']>): number {
  if (barrier === false) return 0;
  checkOption(typeof barrier === 'object' && barrier !== null, 'barrier', barrier, 'false or { maxDuration }');
  checkOptionNames(barrier, ['maxDuration'], 'barrier.');
  return parseDuration(barrier.maxDuration, 'barrier.maxDuration');
}
