export {
  cacheTool,
  cacheTools,
  type CacheToolOptions,
  type CacheToolsOptions,
  type ToolPolicies,
} from './cache-tools.ts';
export type { AnyTool } from './cached-tool.ts';
