import { startProxy, startValkey } from '@keepstep/test-servers';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';

import { seededRandom } from '../../src/testing/index.ts';
import { scratchFolder } from '../scratch-folder.ts';

/** Names a store that several processes share. */
export type SharedStoreName = 'sqlite' | 'valkey';

/** Is a store that several processes share. */
export interface SharedStore {
  readonly url: string;
  /**
   * Tells whether a process that is stopped has the store for itself, as one in the middle of a transaction has the file:
   * then nobody else can go on either.
   */
  readonly isTaken: () => boolean;
}

/**
 * Sets up a store for several processes, gone when the test is over. Before the server stands a proxy
 * that delays what passes.
 *
 * @param replyLoss is the chance that the reply to a script is lost, and the connection with it
 */
export async function givenSharedStore(name: SharedStoreName, replyLoss: number): Promise<SharedStore> {
  if (name === 'sqlite') {
    const path = join(scratchFolder(), 'agent.db');
    return { url: `sqlite:${path}`, isTaken: () => isLocked(path) };
  }
  const server = await startValkey();
  onTestFinished(() => server.stop());
  const proxy = await startProxy(server, seededRandom(1));
  onTestFinished(() => proxy.stop());
  proxy.delay({ jitterMs: 2 });
  if (replyLoss > 0) proxy.loseReplies({ commands: ['EVALSHA'], rate: replyLoss });
  return { url: proxy.url, isTaken: () => false };
}

function isLocked(path: string): boolean {
  const file = new DatabaseSync(path, { timeout: 0 });
  try {
    file.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch {
    return true;
  } finally {
    file.close();
  }
}
