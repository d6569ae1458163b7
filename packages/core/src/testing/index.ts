export {
  scriptedModel,
  scriptedTurns,
  toolResults,
  type ModelMessage,
  type ModelReply,
  type ModelRequest,
  type ModelToolCall,
  type ModelTurn,
  type ScriptedModel,
  type ScriptedModelOptions,
  type ScriptedPolicy,
  type ToolResult,
} from './scripted-model.ts';
export { manualClock, type ManualClock } from './manual-clock.ts';
export { seededRandom } from './seeded-random.ts';
export type { TestRunner } from './bind-conformance.ts';
export type {
  ConformanceCase,
  ConformanceGroup,
  ConformanceSkip,
  ConformanceSuite,
  ConformanceTest,
} from './conformance-suite.ts';
export { bindAdapterConformance } from './bind-adapter-conformance.ts';
export {
  adapterCaseGroups,
  describeAdapter,
  type AdapterConformance,
  type AdapterHarness,
} from './adapter-conformance.ts';
export type { AdapterCapability, AdapterCase, AdapterCaseContext, AdapterCaseGroup } from './adapter-case.ts';
export type {
  AdapterAnswer,
  AdapterCall,
  AdapterConnection,
  AdapterExecution,
  AdapterTool,
  ControlFlow,
  ToolInput,
} from './adapter-port.ts';
export { AdapterClient, type AdapterCallOptions } from './adapter-client.ts';
export { bindStoreConformance } from './bind-store-conformance.ts';
export {
  describeStore,
  storeCaseGroups,
  type StoreConformance,
  type StoreHarness,
  type StorePair,
  type StoreSkip,
} from './store-conformance.ts';
export type { ForeignData, StoreCapability, StoreCase, StoreCaseContext, StoreCaseGroup } from './store-case.ts';
export { StoreClient, type CaseLoad, type ReadSpec, type StoreSpec, type WriteSpec } from './store-client.ts';
export {
  findStaleReads,
  type History,
  type InvalidationRecord,
  type ReadRecord,
  type StaleRead,
} from './history-checker.ts';
export { HistoryRecorder } from './history-recorder.ts';
export { CheckpointClient } from './checkpoint-client.ts';
export { DocumentClient, LockClient, LogClient, RunClient, StateClient } from './state-client.ts';
export type { StateOperation } from './faulty-state.ts';
export { faultyStore, type EntryOperation, type FaultyStore, type FaultyStoreOptions } from './faulty-store.ts';
export type { Fault, FaultKind, FaultRule } from './fault-plan.ts';
export {
  exploreInterleavings,
  type Counterexample,
  type Exploration,
  type ExplorationOptions,
  type Process,
  type Scenario,
  type Waiting,
} from './interleavings.ts';
export { FreshnessWorld, type Following } from './freshness-world.ts';
export {
  checkLinearizability,
  type Linearizability,
  type OperationRecord,
  type SequentialModel,
} from './linearizability.ts';
