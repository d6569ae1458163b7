import { InvalidArgumentError, InvalidOptionError } from '@keepstep/core';

import type { CheckpointPorts } from './checkpoint-ports.ts';
import { isStagingThread } from './transfer/staging-thread.ts';

/** Says which threads are listed. */
export interface ThreadListOptions {
  /** Is what their ids begin with. Default: all of them. */
  readonly prefix?: string;
  /** Is how many a page holds at most. Default: 100. */
  readonly limit?: number;
  /** Is where the page begins: the cursor of the page before. Default: at the first one. */
  readonly cursor?: string | undefined;
}

/** Is a thread in a list. */
export interface ListedThread {
  readonly threadId: string;
  /** Counts the checkpoints, those of subgraphs included. */
  readonly checkpoints: number;
  /** Is the length of what is stored, as it is stored: a value that checkpoints share counts once. */
  readonly bytes: number;
}

/** Is a page of threads, in the order of their ids. */
export interface ThreadPage {
  readonly threads: readonly ListedThread[];
  /** Asks for the next page; undefined after the last one. */
  readonly cursor: string | undefined;
}

/** Lists threads with their sizes. Only those of the page are measured, so it does not matter how many there are. */
export class ThreadList {
  readonly #ports: CheckpointPorts;

  constructor(ports: CheckpointPorts) {
    this.#ports = ports;
  }

  async list(options: ThreadListOptions = {}): Promise<ThreadPage> {
    for (const [name, value] of Object.entries(options)) {
      if (!KNOWN.includes(name)) throw new InvalidOptionError(name, value, KNOWN.join(', '));
    }
    const { prefix = '', limit = 100, cursor } = options;
    if (typeof prefix !== 'string') throw new InvalidArgumentError('prefix', prefix, 'a text');
    if (cursor !== undefined && typeof cursor !== 'string') {
      throw new InvalidArgumentError('cursor', cursor, 'the cursor of a page');
    }
    if (!Number.isInteger(limit) || limit < 1 || limit > LONGEST_PAGE) {
      throw new InvalidOptionError('limit', limit, `a whole number from 1 to ${LONGEST_PAGE}`);
    }
    const { keys, more } = await this.#ports.read('', (store) => store.threads({ prefix, after: cursor, limit }));
    const threads = keys.filter((thread) => !isStagingThread(thread)).map((thread) => this.#measured(thread));
    return {
      threads: (await Promise.all(threads)).filter((thread) => thread !== undefined),
      cursor: more ? keys.at(-1) : undefined,
    };
  }

  async #measured(threadId: string): Promise<ListedThread | undefined> {
    const size = await this.#ports.read(threadId, (store) => store.size(threadId));
    return size && { threadId, ...size };
  }
}

const KNOWN = ['prefix', 'limit', 'cursor'];
const LONGEST_PAGE = 1_000;
