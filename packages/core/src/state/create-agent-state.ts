import { systemClock, type Clock } from '../clock.ts';
import { checkCount, checkKnown, checkMethods, checkOneOf, checkText } from '../option-checks.ts';
import type { LockHolder } from '../store/lock-store.ts';
import type { Store } from '../store/store.ts';
import { AgentRun } from './agent-run.ts';
import { ChatDirectory } from './chat-directory.ts';
import type { ChatListing } from './chat-directory.ts';
import type { ChatListOptions, ChatOptions } from './chat-options.ts';
import { Chat } from './chat.ts';
import { DataStore } from './data-store.ts';
import { EventLog } from './event-log.ts';
import { LockManager } from './lock-manager.ts';
import type { LockOptions } from './lock-options.ts';
import type { LogOptions } from './log-options.ts';
import { RunList } from './run-list.ts';
import type { RunListOptions, RunOptions } from './run-options.ts';
import type { StateLock } from './state-lock.ts';
import { StatePorts } from './state-ports.ts';
import { TurnQueue } from './turn-queue.ts';

/** Configures durable state. */
export interface AgentStateOptions {
  /** Keeps the state. What is kept in memory is gone with the process. */
  readonly store: Store;
  /** Separates states that share one store. Default: "default". */
  readonly namespace?: string;
  /** Is the largest size of a value as text, in bytes. Default: 1 MiB. */
  readonly maxValueBytes?: number;
  /** Says what happens to values with a text that looks like a credential; logs redact them anyway. Default: "refuse". */
  readonly credentials?: 'refuse' | 'allow';
  /** Gives the time for heartbeats and waits; the store has its own for what expires. Default: the clock of the machine. */
  readonly clock?: Clock;
}

/** Keeps what an agent must not lose: runs, logs, data, locks and chats. */
export interface AgentState {
  /** Opens a run; it begins, or goes on, with its first step. */
  run(id: string, options?: RunOptions): AgentRun;
  readonly runs: {
    list(options?: RunListOptions): Promise<{ readonly ids: readonly string[]; readonly cursor: string | undefined }>;
    delete(id: string): Promise<boolean>;
  };
  /** Opens a log. */
  log(name: string, options?: LogOptions): EventLog;
  /** Opens a namespace of the data store. Default: "default". */
  data(namespace?: string): DataStore;
  /** Takes a lock, or waits for it. */
  lock(name: string, options?: LockOptions): Promise<StateLock>;
  readonly locks: { inspect(name: string): Promise<LockHolder | undefined> };
  /** Opens a chat. */
  chat<Message = unknown>(id: string, options?: ChatOptions): Chat<Message>;
  readonly chats: {
    list(
      options?: ChatListOptions,
    ): Promise<{ readonly chats: readonly ChatListing[]; readonly cursor: string | undefined }>;
  };
}

/**
 * Opens durable state on a store.
 *
 * Other than a cache it fails closed: when the store cannot answer, its methods reject with a `StateError` that says what is
 * known.
 *
 * @throws InvalidOptionError for an option that is not allowed
 */
export function createAgentState(options: AgentStateOptions): AgentState {
  checkKnown(options, ['store', 'namespace', 'maxValueBytes', 'credentials', 'clock']);
  const {
    store,
    namespace = 'default',
    maxValueBytes = 1_048_576,
    credentials = 'refuse',
    clock = systemClock,
  } = options;
  checkMethods(store, 'store', ['entries', 'close']);
  checkText(namespace, 'namespace');
  checkCount(maxValueBytes, 'maxValueBytes', 1);
  checkOneOf(credentials, 'credentials', ['refuse', 'allow']);
  checkMethods(clock, 'clock', ['now', 'after']);

  const ports = new StatePorts(store, namespace, clock, { maxBytes: maxValueBytes, credentials });
  const locks = new LockManager(ports, 'lock:');
  const runLocks = new LockManager(ports, 'run:');
  const turns = new TurnQueue();
  const directory = new ChatDirectory(ports);
  const runList = new RunList(ports);

  return {
    run: (id, runOptions = {}) => new AgentRun(ports, runLocks, id, runOptions),
    runs: runList,
    log(name, logOptions = {}) {
      checkText(name, 'name');
      return new EventLog(ports, { name, portOf: (state) => state.log(`log:${name}`), redacts: true }, logOptions);
    },
    data: (dataNamespace = 'default') => new DataStore(ports, turns, dataNamespace),
    lock: (name, lockOptions) => locks.take(name, lockOptions),
    locks: { inspect: (name) => locks.inspect(name) },
    chat: (id, chatOptions = {}) => new Chat(ports, directory, id, chatOptions),
    chats: { list: (listOptions) => directory.list(listOptions) },
  };
}
