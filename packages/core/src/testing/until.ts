import assert from 'node:assert/strict';

/** Bounds the wait: far more turns than any framework needs to hand on a call. */
const MOST_TURNS = 20_000;

/** Lets everything go on that is on its way, until something holds. Rejects when it never does. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail(`this never comes about: ${what}`);
}
