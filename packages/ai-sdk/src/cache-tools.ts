import type { ToolCache, ToolPolicy } from '@keepstep/core';
import { checkAdapterOptions, checkNames, policyOfTool, type SessionSource } from '@keepstep/core/adapter';
import type { AnnotationPolicyOptions, ToolAnnotations } from '@keepstep/core/mcp';

import { cachedExecute, type Execute, type ToolExecution } from './cached-execute.ts';

/** Is a set of tools of any major version of the SDK. */
export type AnyToolSet = Readonly<Record<string, object>>;

/** Is what a tool has that is executed here. */
interface ExecutableTool {
  readonly execute?: Execute;
}

/** Says what the tools of a set are to the cache, by name. */
export type ToolPolicies<Tools extends AnyToolSet> = {
  readonly [Name in keyof Tools]?: ToolPolicy<[input: InputOf<Tools[Name]>], OutputOf<Tools[Name]>>;
};

/** Says how a set of tools is cached. */
export interface CacheToolsOptions<Tools extends AnyToolSet> {
  readonly cache: ToolCache;
  /** Says what each tool is to the cache. A tool that is not named is never cached, invalidates nothing, and counts for loops. */
  readonly tools?: ToolPolicies<Tools>;
  /** Names the session, always or call by call: `({ context }) => context.session`. Default: the one around the call. */
  readonly session?: SessionSource<ToolExecution>;
  /**
   * Takes MCP annotations for the policies of all tools that `tools` does not name: what is read-only is a read, and
   * everything else a write to the same resource. Default: off.
   */
  readonly annotations?: AnnotationPolicyOptions;
  /** Names tools with preliminary results whose `execute` is no `async function*`, and so is not seen to be one. Default: none. */
  readonly streaming?: readonly (keyof Tools & string)[];
}

/**
 * Puts a set of tools behind a cache. The result has the same type and the same tools, schemas, descriptions and approval
 * included; `execute` alone is another.
 *
 * @throws InvalidOptionError for an option or a policy that is not allowed, and for a tool that is not in the set
 */
export function cacheTools<Tools extends AnyToolSet>(tools: Tools, options: CacheToolsOptions<NoInfer<Tools>>): Tools {
  checkAdapterOptions(options, OPTIONS);
  const { cache, session, streaming = [] } = options;
  checkNames(options.tools ?? {}, Object.keys(tools), 'tools.');
  checkNames(Object.fromEntries(streaming.map((name) => [name, true])), Object.keys(tools), 'streaming.');
  const cached = Object.entries(tools).map(([name, tool]: [string, ExecutableTool]) => {
    if (tool.execute === undefined) return [name, tool];
    const policy = policyOf(name, tool, options);
    cache.declare(name, policy);
    const isStreaming = streaming.includes(name) || isAsyncGeneratorFunction(tool.execute);
    const execute = tool.execute.bind(tool);
    return [name, withExecute(tool, cachedExecute(execute, { cache, toolName: name, policy, session, isStreaming }))];
  });
  return Object.fromEntries(cached) as Tools;
}

const OPTIONS: readonly string[] = [
  'cache',
  'tools',
  'session',
  'annotations',
  'streaming',
] satisfies (keyof CacheToolsOptions<AnyToolSet>)[];

function policyOf(name: string, tool: object, { tools, annotations }: CacheToolsOptions<AnyToolSet>): ToolPolicy {
  const { metadata } = tool as { metadata?: { annotations?: ToolAnnotations } };
  const policies = tools as Readonly<Record<string, ToolPolicy | undefined>> | undefined;
  return policyOfTool(name, { tools: policies, annotations }, metadata?.annotations, isFailure);
}

/** Tells whether a result says that the tool has failed, as those of MCP servers do. */
function isFailure(result: { readonly isError?: unknown } | null | undefined): boolean {
  return result?.isError === true;
}

/** Copies a tool with all its properties, hidden ones included, and another `execute`. */
function withExecute<Tool extends object>(tool: Tool, execute: Execute): Tool {
  const value = { value: execute, enumerable: true, configurable: true, writable: true };
  return Object.create(Object.getPrototypeOf(tool), {
    ...Object.getOwnPropertyDescriptors(tool),
    execute: value,
  }) as Tool;
}

function isAsyncGeneratorFunction(execute: unknown): boolean {
  return Object.prototype.toString.call(execute) === '[object AsyncGeneratorFunction]';
}

type ExecuteOf<Tool> = Tool extends { readonly execute?: infer Own } ? Extract<Own, (...args: any[]) => any> : never;
type InputOf<Tool> = [ExecuteOf<Tool>] extends [never] ? any : Parameters<ExecuteOf<Tool>>[0];
type OutputOf<Tool> = [ExecuteOf<Tool>] extends [never] ? any : FinalOf<ReturnType<ExecuteOf<Tool>>>;
type FinalOf<Output> = Output extends AsyncIterable<infer Part> ? Part : Awaited<Output>;
