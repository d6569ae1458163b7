import { randomUUID } from 'node:crypto';

const processPart = randomUUID().replaceAll('-', '').slice(0, 12);
let counter = 0;

/** Returns a short id that no other process and no other call has: letters and digits only. */
export function nextId(): string {
  counter += 1;
  return processPart + counter.toString(36);
}
