/**
 * Returns what every id that was made before a time is less than, and no other one: ids that tell a time are UUIDs of
 * version 6, which begin with it.
 */
export function firstIdAt(ms: number): string {
  const ticks = BigInt(Math.max(0, Math.ceil(ms) + GREGORIAN_MS)) * 10_000n;
  const digits = ticks.toString(16).padStart(15, '0').slice(-15);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-6${digits.slice(12)}`;
}

/** Tells whether an id is older than those that begin with `first`; one that tells no time is not. */
export function isOlderId(id: string, first: string): boolean {
  return TIMED.test(id) && id < first;
}

/** Lies between the start of the Gregorian calendar, where UUIDs begin, and 1970. */
const GREGORIAN_MS = 12_219_292_800_000;
const TIMED = /^[\da-f]{8}-[\da-f]{4}-6[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;
