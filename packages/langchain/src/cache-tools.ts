import type { ToolCache, ToolPolicy } from '@keepstep/core';
import { checkAdapterOptions, checkNames, policyOfTool, sessionFrom, type SessionSource } from '@keepstep/core/adapter';
import type { AnnotationPolicyOptions, ToolAnnotations } from '@keepstep/core/mcp';
import type { ToolRunnableConfig } from '@langchain/core/tools';
import type { InferInteropZodOutput, InteropZodType } from '@langchain/core/utils/types';

import { cachedTool, type AnyTool } from './cached-tool.ts';
import { isFailure } from './kept-output.ts';

/** Says what the tools of a list are to the cache, by name. */
export type ToolPolicies<Tools extends readonly AnyTool[]> = {
  readonly [Name in Tools[number]['name']]?: PolicyOf<ToolNamed<Tools, Name>>;
};

/** Says how tools are cached. */
export interface CacheToolListOptions<Tools extends readonly AnyTool[] = readonly AnyTool[]> {
  readonly cache: ToolCache;
  /** Says what each tool is to the cache. A tool that is not named is never cached, invalidates nothing, and counts for loops. */
  readonly tools?: ToolPolicies<Tools>;
  /** Names the session, always or call by call: `({ context }) => context.session`. Default: the one around the call. */
  readonly session?: SessionSource<ToolRunnableConfig>;
  /**
   * Takes MCP annotations, as `tool.metadata.annotations` holds them, for the policies of all tools that `tools` does not
   * name: what is read-only is a read, and everything else a write to the same resource. Default: off.
   */
  readonly annotations?: AnnotationPolicyOptions;
}

/** Says how one tool is cached. */
export interface CacheToolOptions<Tool extends AnyTool = AnyTool> {
  readonly cache: ToolCache;
  /** Says what the tool is to the cache. */
  readonly policy: PolicyOf<Tool>;
  /** Names the session, always or call by call. Default: the one around the call. */
  readonly session?: SessionSource<ToolRunnableConfig>;
}

/**
 * Puts tools behind a cache. Each stays what it is: type, name, schema, callbacks and the form of its answers are its own.
 *
 * @throws InvalidOptionError for an option or a policy that is not allowed, and for a tool that is not in the list
 */
export function cacheTools<const Tools extends readonly AnyTool[]>(
  tools: Tools,
  options: CacheToolListOptions<NoInfer<Tools>>,
): Tools {
  checkAdapterOptions(options, ['cache', 'tools', 'session', 'annotations'] satisfies (keyof CacheToolListOptions)[]);
  const policies = (options.tools ?? {}) as Readonly<Record<string, ToolPolicy>>;
  checkNames(
    policies,
    tools.map(({ name }) => name),
    'tools.',
  );
  const { cache, session, annotations } = options;
  return tools.map((tool) => {
    const policy = policyOfTool(tool.name, { tools: policies, annotations }, annotationsOf(tool), isFailure);
    cache.declare(tool.name, policy);
    return cachedTool(tool, { cache, policy, session: (config) => sessionFrom(session, config) });
  }) as readonly AnyTool[] as Tools;
}

/**
 * Puts one tool behind a cache, as `cacheTools` does.
 *
 * @throws InvalidOptionError for an option or a policy that is not allowed
 */
export function cacheTool<Tool extends AnyTool>(tool: Tool, options: CacheToolOptions<NoInfer<Tool>>): Tool {
  checkAdapterOptions(options, ['cache', 'policy', 'session'] satisfies (keyof CacheToolOptions)[]);
  const { policy, ...rest } = options;
  return cacheTools([tool], { ...rest, tools: { [tool.name]: policy } as ToolPolicies<readonly [Tool]> })[0];
}

/** Returns the MCP annotations of a tool, where it has any. */
export function annotationsOf(tool: unknown): ToolAnnotations | undefined {
  return (tool as { metadata?: { annotations?: ToolAnnotations } }).metadata?.annotations;
}

// Contextual typing asks for names that only a `string` of the list stands for.
type ToolNamed<Tools extends readonly AnyTool[], Name> = [Extract<Tools[number], { readonly name: Name }>] extends [
  never,
]
  ? AnyTool
  : Extract<Tools[number], { readonly name: Name }>;
type PolicyOf<Tool extends AnyTool> = ToolPolicy<[input: InputOf<Tool>]>;
// Where the compiler does not know the name, a policy cannot be held to one tool.
type InputOf<Tool> = [Tool] extends [
  { readonly name: infer Name; readonly schema: infer Schema extends InteropZodType },
]
  ? string extends Name
    ? any
    : InferInteropZodOutput<Schema>
  : any;
