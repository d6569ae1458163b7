import { readFileSync } from 'node:fs';

/** Returns an id that the machine gets anew with every start; undefined where the system has none. */
export function currentBootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}
