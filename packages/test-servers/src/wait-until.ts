import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 10;

/**
 * Waits until something holds, looking every 10 ms; a look that fails counts as "not yet".
 *
 * @param what completes the sentence "Waited in vain until …"
 * @param timeoutMs is how long is waited at most. Default: 20 s, for a machine under load
 * @throws Error when it does not hold in time; its cause is the last failure
 */
export async function waitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      cause = undefined;
      if (await holds()) return;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`, { cause });
    await sleep(PAUSE_MS);
  }
}
