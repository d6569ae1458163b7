import type { ToolCache, ToolPolicy } from '@keepstep/core';
import { checkAdapterOptions, checkNames, policyOfTool, type SessionSource } from '@keepstep/core/adapter';
import type { AnnotationPolicyOptions, ToolAnnotations } from '@keepstep/core/mcp';
import type { ToolRunnableConfig } from '@langchain/core/tools';
import type { InferInteropZodOutput, InteropZodType } from '@langchain/core/utils/types';

import { cachedTool, type AnyTool } from './cached-tool.ts';
import { GraphSessions } from './graph-sessions.ts';
import { isFailure } from './kept-output.ts';
import { readLoopOptions, type AgentLoopOptions } from './loop-answer.ts';
import type { LoopAnswer } from './loop-note.ts';

/** Says what the tools of a list are to the cache, by name. */
export type ToolPolicies<Tools extends readonly AnyTool[]> = {
  readonly [Name in Tools[number]['name']]?: PolicyOf<ToolNamed<Tools, Name>>;
};

/** Says how loops are found and answered where nothing but the tools themselves is ours. */
export interface GraphLoopOptions extends Omit<AgentLoopOptions, 'onLoop'> {
  /**
   * Says how a loop is answered: always the same way, or step by step. The first answer is for the first step of a run with
   * a loop in it, and the last for all later ones. `stop` takes effect where the graph asks `loopStopped`. Default:
   * `["nudge", "stop"]`.
   */
  readonly onLoop?: GraphLoopAnswer | readonly GraphLoopAnswer[];
}

/** Is an answer that a tool can give on its own. */
export type GraphLoopAnswer = Exclude<LoopAnswer, 'short_circuit'>;

/** Says where calls belong. */
export interface CallPlacementOptions {
  /**
   * Names the session, always or call by call: `({ context }) => context.session`. Its own loop rules stand. Default: the
   * one around the call; else one for the thread (`thread_id`); else none.
   */
  readonly session?: SessionSource<ToolRunnableConfig>;
  /** Names the user of a thread, for tools with scope `user`: `({ context }) => context.userId`. Default: nobody. */
  readonly userId?: (config: ToolRunnableConfig) => string | undefined;
  /** Says how loops are found and answered in a thread; `false` lets them run. Default: the rules of a session, one nudge, then a stop. */
  readonly loop?: GraphLoopOptions | false;
  /** Is how many sessions of threads stay open; the one that was used least recently ends for one more. Default: 1000. */
  readonly maxSessions?: number;
}

/** Says how tools are cached. */
export interface CacheToolListOptions<
  Tools extends readonly AnyTool[] = readonly AnyTool[],
> extends CallPlacementOptions {
  readonly cache: ToolCache;
  /** Says what each tool is to the cache. A tool that is not named is never cached, invalidates nothing, and counts for loops. */
  readonly tools?: ToolPolicies<Tools>;
  /**
   * Takes MCP annotations, as `tool.metadata.annotations` holds them, for the policies of all tools that `tools` does not
   * name: what is read-only is a read, and everything else a write to the same resource. Default: off.
   */
  readonly annotations?: AnnotationPolicyOptions;
}

/** Says how one tool is cached. */
export interface CacheToolOptions<Tool extends AnyTool = AnyTool> extends CallPlacementOptions {
  readonly cache: ToolCache;
  /** Says what the tool is to the cache. */
  readonly policy: PolicyOf<Tool>;
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
  checkAdapterOptions(options, [
    'cache',
    'tools',
    'annotations',
    ...PLACEMENT,
  ] satisfies (keyof CacheToolListOptions)[]);
  const policies = (options.tools ?? {}) as Readonly<Record<string, ToolPolicy>>;
  checkNames(
    policies,
    tools.map(({ name }) => name),
    'tools.',
  );
  const { cache, session, userId, loop = {}, maxSessions = 1000, annotations } = options;
  const { rules, answers } = loop === false ? { rules: loop, answers: [] } : readLoopOptions(loop, GRAPH_ANSWERS);
  const known = new Map(
    tools.map((tool) => {
      const policy = policyOfTool(tool.name, { tools: policies, annotations }, annotationsOf(tool), isFailure);
      cache.declare(tool.name, policy);
      return [tool.name, { policy, schema: (tool as { readonly schema?: unknown }).schema }];
    }),
  );
  const sessions = new GraphSessions({ cache, session, userId, maxSessions, rules, answers, tools: known });
  const place: GraphSessions['placeOf'] = (config, id) => sessions.placeOf(config, id);
  return tools.map((tool) =>
    cachedTool(tool, { cache, policy: known.get(tool.name)!.policy, place }),
  ) as readonly AnyTool[] as Tools;
}

/**
 * Puts one tool behind a cache, as `cacheTools` does.
 *
 * @throws InvalidOptionError for an option or a policy that is not allowed
 */
export function cacheTool<Tool extends AnyTool>(tool: Tool, options: CacheToolOptions<NoInfer<Tool>>): Tool {
  checkAdapterOptions(options, ['cache', 'policy', ...PLACEMENT] satisfies (keyof CacheToolOptions)[]);
  const { policy, ...rest } = options;
  return cacheTools([tool], { ...rest, tools: { [tool.name]: policy } as ToolPolicies<readonly [Tool]> })[0];
}

const PLACEMENT = ['session', 'userId', 'loop', 'maxSessions'] as const satisfies (keyof CallPlacementOptions)[];
const GRAPH_ANSWERS = ['nudge', 'stop', 'raise'] as const satisfies GraphLoopAnswer[];

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
