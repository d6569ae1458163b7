import { isDeepStrictEqual } from 'node:util';

import type { CheckpointListRequest, StoredCheckpoint } from '@keepstep/core';

import type { CheckpointPorts } from './checkpoint-ports.ts';
import { isStagingThread } from './transfer/staging-thread.ts';

const PAGE = 32;
const THREADS_PAGE = 1_000;

/** Says which checkpoints are asked for; what is undefined is no bound. */
export interface ListingRequest {
  readonly thread: string | undefined;
  readonly namespace: string | undefined;
  readonly id: string | undefined;
  /** Is the id that the checkpoints lie before. */
  readonly before: string | undefined;
}

/** Goes through checkpoints, newest first, over one thread or all of them; no more is read than is asked for. */
export async function* listing(ports: CheckpointPorts, request: ListingRequest): AsyncGenerator<StoredCheckpoint> {
  if (request.thread !== undefined) {
    yield* threadListing(ports, request, request.thread);
    return;
  }
  const heads: Head[] = [];
  for await (const thread of threadIds(ports)) await advance(heads, threadListing(ports, request, thread));
  for (;;) {
    const newest = heads.reduce<Head | undefined>(
      (best, each) => (best && best.found.id >= each.found.id ? best : each),
      undefined,
    );
    if (newest === undefined) return;
    heads.splice(heads.indexOf(newest), 1);
    yield newest.found;
    await advance(heads, newest.rest);
  }
}

/** Tells whether metadata has what a filter asks for: the same values under the same names. */
export function matches(
  metadata: Readonly<Record<string, unknown>>,
  filter: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(filter).every(([name, value]) =>
    isDeepStrictEqual(Object.hasOwn(metadata, name) ? metadata[name] : undefined, value),
  );
}

/** Is a thread that is gone through, with what comes next. */
interface Head {
  readonly found: StoredCheckpoint;
  readonly rest: AsyncGenerator<StoredCheckpoint>;
}

async function advance(heads: Head[], rest: AsyncGenerator<StoredCheckpoint>): Promise<void> {
  const next = await rest.next();
  if (next.done !== true) heads.push({ found: next.value, rest });
}

/** Goes through the ids of all threads, in order. */
export async function* threadIds(ports: CheckpointPorts): AsyncGenerator<string> {
  for (let after: string | undefined, more = true; more;) {
    const request = { prefix: '', after, limit: THREADS_PAGE };
    const page = await ports.read('', (store) => store.threads(request));
    yield* page.keys.filter((thread) => !isStagingThread(thread));
    after = page.keys.at(-1);
    more = page.more;
  }
}

async function* threadListing(
  ports: CheckpointPorts,
  { namespace, id, before }: ListingRequest,
  thread: string,
): AsyncGenerator<StoredCheckpoint> {
  if (id !== undefined && before !== undefined && id >= before) return;
  let next: CheckpointListRequest['before'] = before === undefined || id !== undefined ? undefined : { id: before };
  for (let more = true; more;) {
    const request = { thread, namespace, id, before: next, limit: PAGE };
    const page = await ports.read(thread, (store) => store.list(request));
    yield* page.checkpoints;
    next = page.checkpoints.at(-1);
    more = page.more;
  }
}
