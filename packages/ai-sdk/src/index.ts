export { cacheTools, type AnyToolSet, type CacheToolsOptions, type ToolPolicies } from './cache-tools.ts';
export {
  loopDetected,
  type FinishedStep,
  type LoopDetectedOptions,
  type LoopRules,
  type LoopStopCondition,
} from './loop-detected.ts';
export { responseCache, type ResponseCacheMiddleware, type ResponseCacheOptions } from './response-cache.ts';
export type { ModelParams } from './response-call.ts';
export type { SessionSource } from '@keepstep/core/adapter';
export type { ToolExecution } from './cached-execute.ts';
