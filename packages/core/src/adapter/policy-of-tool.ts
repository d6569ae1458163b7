import { annotationPolicy, type AnnotationPolicyOptions, type ToolAnnotations } from '../annotation-policy.ts';
import type { ToolPolicy } from '../tool-policy.ts';

/** Is where the policies of tools come from. */
export interface PolicySource {
  /** Says what tools are to the cache, by name. */
  readonly tools?: Readonly<Record<string, ToolPolicy | undefined>> | undefined;
  /** Takes MCP annotations for the policies of all other tools. Default: off. */
  readonly annotations?: AnnotationPolicyOptions | undefined;
}

/**
 * Returns the policy of a tool: its own, else what its annotations say, else that it only counts for loops. A read does not
 * keep a result that says it has failed.
 *
 * @param isFailure tells whether a result says that the tool has failed
 */
export function policyOfTool(
  name: string,
  { tools = {}, annotations }: PolicySource,
  own: ToolAnnotations | undefined,
  isFailure: (result: any) => boolean,
): ToolPolicy {
  const named = Object.hasOwn(tools, name) ? tools[name] : undefined;
  const policy = named ?? (annotations && annotationPolicy(own, annotations)) ?? { kind: 'other' };
  if (policy.kind !== 'read') return policy;
  const { cacheIf = (result: unknown): boolean => result !== undefined } = policy;
  return { ...policy, cacheIf: (result) => !isFailure(result) && cacheIf(result) };
}
