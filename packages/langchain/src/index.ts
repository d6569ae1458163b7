export {
  cacheTool,
  cacheTools,
  type CacheToolOptions,
  type CacheToolListOptions,
  type CallPlacementOptions,
  type GraphLoopAnswer,
  type GraphLoopOptions,
  type ToolPolicies,
} from './cache-tools.ts';
export type { AnyTool } from './cached-tool.ts';
export { keepstepMiddleware, type KeepstepMiddleware, type KeepstepMiddlewareOptions } from './keepstep-middleware.ts';
export type { AgentLoopOptions } from './loop-answer.ts';
export type { LoopAnswer } from './loop-note.ts';
export { loopStopped } from './loop-stopped.ts';
export { KeepstepModelCache, type ModelCacheOptions } from './model-cache.ts';
export { modelCacheMiddleware, type ModelCacheMiddlewareOptions } from './model-cache-middleware.ts';
export {
  KeepstepChatMessageHistory,
  type ChatFacts,
  type ChatMessageHistoryOptions,
  type ListedChat,
} from './chat-message-history.ts';
