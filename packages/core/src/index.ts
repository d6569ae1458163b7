export { createToolCache } from './create-tool-cache.ts';
export { createCache } from './create-cache.ts';
export { memoize, type Memoized, type MemoizeOptions } from './memoize.ts';
export { memoryStore, type MemoryStoreOptions } from './stores/memory/memory-store.ts';
export { storeFromUrl } from './store-from-url.ts';
export { globalMetrics } from './global-metrics.ts';
export { currentSession } from './current-session.ts';
export { parseDuration, type Duration } from './duration.ts';
export { systemClock, type Clock } from './clock.ts';
export { EVENT_CHANNEL } from './observe/diagnostics-channel.ts';
export {
  AgentLoopDetectedError,
  InvalidArgumentError,
  InvalidOptionError,
  KeepstepError,
  NotEncodableError,
  StoreError,
  type KeepstepErrorCode,
  type LoopFinding,
  type LoopRule,
  type StoreErrorCode,
} from './errors.ts';
export type {
  CacheMetrics,
  CallOptions,
  Explanation,
  MethodDecorator,
  ReadTool,
  ToolCache,
  ToolCacheOptions,
  ToolDescription,
  ToolExtras,
  ToolFunction,
  Wrapped,
  WriteTool,
} from './tool-cache.ts';
export type { Cache, CacheOptions, GetOptions, PlainMetrics, SetOptions, WarmupResult } from './cache-options.ts';
export type { LoadMany } from './cache/batch-loader.ts';
export type { Isolation } from './codec/value-snapshot.ts';
export type { LoopAction, LoopDecision, LoopOptions, PollOptions, ToolLoopOptions } from './loop/loop-policy.ts';
export type { LoopSnapshot } from './loop/loop-snapshot.ts';
export type { Metrics } from './metrics.ts';
export type { OtherOptions, ReadOptions, ResourceOption, ToolPolicy, WriteOptions } from './tool-policy.ts';
export type { ResourceInput, ResourceInputs, ResourcePath } from './resource/resource-path.ts';
export type { Scope } from './scope.ts';
export type { ChildSessionOptions, Session, SessionOptions, SessionSnapshot } from './session.ts';
export type { CacheControl, CallStatus, Execution, ToolCall, ToolOutcome } from './tool-call.ts';
export type {
  BypassReason,
  CacheHitEvent,
  CacheMissEvent,
  CacheStaleEvent,
  CallBypassedEvent,
  CallCoalescedEvent,
  EntryDeletedEvent,
  EntryRejectedEvent,
  EntryStoredEvent,
  EntrySupersededEvent,
  EventListener,
  KeepstepEvent,
  LoopDetectedEvent,
  RejectReason,
  ResourcesInvalidatedEvent,
  SessionEvent,
  StoreErrorEvent,
  ToolExecutedEvent,
} from './events.ts';
export type { MissReason } from './store/entry-store.ts';
export type { ListDraft, ListPiece } from './store/checkpoint-list.ts';
export type {
  ChannelContent,
  ChannelDraft,
  ChannelHistory,
  ChannelValue,
  CheckpointDraft,
  CheckpointListRequest,
  CheckpointPage,
  CheckpointPlace,
  CheckpointPut,
  CheckpointQuery,
  CheckpointStore,
  CheckpointWrite,
  StoredCheckpoint,
  PruneRequest,
  ThreadChange,
  ThreadSize,
  ThreadTerms,
} from './store/checkpoint-store.ts';
export type {
  AppliedChange,
  ApplyResult,
  DocumentChange,
  DocumentContent,
  DocumentStore,
  RefusalReason,
  StoredDocument,
} from './store/document-store.ts';
export type { KeyPage, KeyPageRequest } from './store/key-page.ts';
export type { EntrySettings, Store } from './store/store.ts';
