import type { Duration } from './duration.ts';
import type { ResourceInput } from './resource/resource-path.ts';
import type { Scope } from './scope.ts';
import type { ToolPolicy } from './tool-policy.ts';

/** Is what an MCP server says about one of its tools. Hints of a server that you do not trust are worth nothing. */
export interface ToolAnnotations {
  readonly readOnlyHint?: boolean | undefined;
}

/** Says what the tools of one server have in common. */
export interface AnnotationPolicyOptions {
  /** Names the data of the server: all its reads depend on it, and each of its writes changes it. */
  readonly resource: ResourceInput;
  /** Says who may share the result of a read. Default: "session". */
  readonly scope?: Scope;
  /** Is the time a result is fresh. Default: the cache's `ttl`. */
  readonly ttl?: Duration;
}

/**
 * Returns the policy of a tool that only its annotations describe. A tool that is not said to be read-only is a write:
 * nobody knows what it changes, so it invalidates everything that was read from the server, for everybody.
 */
export function annotationPolicy(
  annotations: ToolAnnotations | undefined,
  { resource, scope, ttl }: AnnotationPolicyOptions,
): ToolPolicy {
  if (annotations?.readOnlyHint !== true) return { kind: 'write', invalidates: resource, scope: 'global' };
  return { kind: 'read', resource, ...(scope && { scope }), ...(ttl !== undefined && { ttl }) };
}
