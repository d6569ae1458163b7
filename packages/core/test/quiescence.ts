import { setImmediate } from 'node:timers/promises';

/** Waits until everything has happened that can happen without the test: no time passes on any clock. */
export async function quiescence(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}
