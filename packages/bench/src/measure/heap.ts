import { collect } from './garbage.ts';

/**
 * Returns the bytes by which memory has grown after `build`, while what it returns is alive.
 *
 * Typed arrays keep their content outside the heap, and some caches keep their lists in them: both are counted.
 */
export async function heapGrowth(build: () => Promise<unknown>): Promise<number> {
  await collect();
  const before = used();
  const alive: unknown[] = [await build()];
  await collect();
  const growth = used() - before;
  alive.length = 0; // the last use of it: until here nothing that was built can be collected
  return growth;
}

function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
