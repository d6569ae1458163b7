export { createAgentState, type AgentState, type AgentStateOptions } from './create-agent-state.ts';
export type { AgentRun, StepContext, StepFunction } from './agent-run.ts';
export type { RunListOptions, RunOptions, StepOptions } from './run-options.ts';
export type { RunState } from './run-state.ts';
export type { EventLog, LogEvent } from './event-log.ts';
export type { LogAppendOptions, LogFollowOptions, LogOptions, LogReadOptions, LogTrimOptions } from './log-options.ts';
export { journalTo, type Journal, type JournalOptions } from './journal-to.ts';
export type { DataStore } from './data-store.ts';
export type { DataEntry, DataFacts } from './data-entry.ts';
export type {
  DataChangeOptions,
  DataDeleteOptions,
  DataIncrementOptions,
  PageOptions,
  DataSetManyOptions,
  DataSetOptions,
  DataUpdateOptions,
} from './data-options.ts';
export { addToStatistics, type RunningStatistics } from './running-statistics.ts';
export type { StateLock } from './state-lock.ts';
export type { LockOptions } from './lock-options.ts';
export type { Chat, ChatEntry } from './chat.ts';
export type { ChatListing } from './chat-directory.ts';
export type { ChatListOptions, ChatOptions, ChatReadOptions } from './chat-options.ts';
export { StateError, type StateErrorCode, type StateErrorDetails } from '../errors.ts';
export type { RunStatus } from '../store/run-store.ts';
export type { LockHolder } from '../store/lock-store.ts';
