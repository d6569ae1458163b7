import { InvalidOptionError } from '@keepstep/core';
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';

import { placeOf } from '../config-place.ts';
import type { KeepstepSaver } from '../keepstep-saver.ts';
import { migrateThread } from './migrate-thread.ts';

/** Says what is copied, and where to. */
export interface MigrationOptions {
  /** Is the checkpointer that holds the threads. Nothing is changed in it. */
  readonly from: BaseCheckpointSaver;
  readonly to: KeepstepSaver;
  /** Names the threads. Default: all that `from` lists when it is asked without a thread. */
  readonly threads?: Iterable<string> | AsyncIterable<string>;
  /** Is told after each thread. What it throws ends the migration. */
  readonly onProgress?: (progress: MigrationProgress) => void;
}

/** Is how far a migration has come. */
export interface MigrationProgress {
  /** Names the thread that is done. */
  readonly thread: string;
  /** Counts the threads that are done. */
  readonly threads: number;
  /** Counts the checkpoints that were copied. */
  readonly copied: number;
  /** Counts the checkpoints that were there already. */
  readonly skipped: number;
}

/**
 * Copies threads from another checkpointer, oldest checkpoint first, so that a thread that is copied in part looks as it once
 * was. It may be started again: what is there is left alone.
 */
export async function migrateThreads(options: MigrationOptions): Promise<Omit<MigrationProgress, 'thread'>> {
  const { from, to, threads, onProgress } = options;
  for (const [name, value] of Object.entries({ from, to })) {
    if (typeof value?.getTuple !== 'function') throw new InvalidOptionError(name, value, 'a checkpointer');
  }
  let [done, copied, skipped] = [0, 0, 0];
  for await (const thread of threads ?? (await threadsOf(from))) {
    const counts = await migrateThread(from, to, thread);
    [done, copied, skipped] = [done + 1, copied + counts.copied, skipped + counts.skipped];
    onProgress?.({ thread, threads: done, copied, skipped });
  }
  return { threads: done, copied, skipped };
}

async function threadsOf(from: BaseCheckpointSaver): Promise<Iterable<string>> {
  const found = new Set<string>();
  for await (const { config } of from.list({ configurable: {} })) {
    const { thread } = placeOf(config);
    if (thread !== undefined) found.add(thread);
  }
  return found;
}
