import { InvalidArgumentError } from '@keepstep/core';
import type { RunnableConfig } from '@langchain/core/runnables';

import { isStagingThread } from './transfer/staging-thread.ts';

/** Is what a config of LangGraph says about a place; what it does not say is undefined. */
export interface ConfigPlace {
  readonly thread: string | undefined;
  readonly namespace: string | undefined;
  readonly id: string | undefined;
}

/**
 * Reads the place out of a config.
 *
 * @throws InvalidArgumentError for what is no text: it would name the place of something else
 */
export function placeOf(config: RunnableConfig | undefined): ConfigPlace {
  const configurable = (config?.configurable ?? {}) as Record<string, unknown>;
  // An empty id stands for none, and `thread_ts` is its older name.
  const id = textIn(configurable, 'checkpoint_id') || textIn(configurable, 'thread_ts');
  return {
    thread: threadIn(configurable),
    namespace: textIn(configurable, 'checkpoint_ns'),
    id: id === '' ? undefined : id,
  };
}

/** Returns the config of a place. */
export function configOf(thread: string, namespace: string, id: string): RunnableConfig {
  return { configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: id } };
}

/** Returns a text that has to be there. */
export function needed(value: string | undefined, name: string): string {
  if (typeof value === 'string') return value;
  throw new InvalidArgumentError(name, value, 'a text');
}

/**
 * Returns the id of a thread.
 *
 * @throws InvalidArgumentError for what is no text, and for the ids of threads that are being filled
 */
export function threadNamed(value: string | undefined, name: string): string {
  const thread = needed(value, name);
  if (!isStagingThread(thread)) return thread;
  throw new InvalidArgumentError(name, thread, 'a text that does not begin as the ids of Keepstep itself do');
}

function threadIn(configurable: Record<string, unknown>): string | undefined {
  const thread = textIn(configurable, 'thread_id');
  return thread === undefined ? undefined : threadNamed(thread, 'thread_id');
}

function textIn(configurable: Record<string, unknown>, name: string): string | undefined {
  if (!Object.hasOwn(configurable, name)) return undefined;
  const value = configurable[name];
  return value === undefined || value === null ? undefined : needed(value as string, name);
}
