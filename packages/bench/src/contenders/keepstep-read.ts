import { createToolCache, memoryStore, type SessionOptions } from '@keepstep/core';

import type { Argument } from '../near-cache/argument.ts';
import { TTL_MS, type Contender, type Task } from './contender.ts';

/** Is a read tool called outside a session, its results shared by everybody. */
export const keepstepRead: Contender = {
  name: 'Keepstep cache.read',
  package: '@keepstep/core',
  open(task) {
    const { read, close } = wrap(task, 'global');
    return { hit: read, read, loadsOnce: true, close };
  },
};

/**
 * Is a read tool called inside a session that looks for loops.
 *
 * The limits on repeats and on the number of calls are lifted, as a bench makes more calls than any agent; they are counted
 * and compared all the same. A cycle that is found is raised, and ends the bench.
 */
export const keepstepReadInSession: Contender = inSession('Keepstep cache.read, in a session, loop detection', {
  maxToolRepeats: Infinity,
  maxExecutionDepth: Infinity,
});

/** Is a read tool called inside a session that does not look for loops. */
export const keepstepReadInQuietSession: Contender = inSession('Keepstep cache.read, in a session', {
  loopDetection: false,
});

function inSession(name: string, options: SessionOptions): Contender {
  return {
    name,
    package: '@keepstep/core',
    open(task) {
      const { read, cache, close } = wrap(task, 'session');
      const session = cache.openSession({ id: 'bench', ...options });
      return {
        hit: read,
        read,
        loadsOnce: true,
        within: (work) => session.run(work),
        verify: () => {
          const { loopDetections } = session.metrics();
          if (loopDetections > 0) throw new Error(`${name}: ${loopDetections} loops in a sequence that has none.`);
        },
        async close() {
          await session.end();
          await close();
        },
      };
    },
  };
}

// The tool depends on a resource, as the tools of an agent do: that is what the cache is for, and it has its cost.
function wrap({ load, sharing, maxEntries }: Task, scope: 'global' | 'session') {
  const store = memoryStore({ maxEntries, maxBytes: Infinity });
  const cache = createToolCache({ namespace: 'bench', store, ttl: TTL_MS });
  const read = cache.read(load, {
    name: 'get_cart',
    resource: (argument: Argument) => ['cart', typeof argument === 'string' ? argument : argument.userId],
    scope,
    ...(sharing !== 'any' && { isolation: sharing }),
  });
  async function close(): Promise<void> {
    await cache.close();
    await store.close();
  }
  return { read, cache, close };
}
