import assert from 'node:assert/strict';

/**
 * Asserts that a promise of the store settles. A store may learn of it from a message or by asking now and then, so time
 * passes meanwhile.
 */
export async function assertSettles(promise: Promise<void>, advance: (ms: number) => Promise<void>): Promise<void> {
  const settled = promise.then(() => true);
  for (let turns = 0; turns < 1_000; turns += 1) {
    if (await Promise.race([settled, advance(5).then(() => false)])) return;
  }
  assert.fail('whoever waits for the load is never told that it is over');
}
