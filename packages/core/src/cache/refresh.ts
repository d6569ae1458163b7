/** Says how long an entry may serve past its ttl, and how early it is renewed. */
export interface RefreshRules {
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  /** Scales the early refresh; 0 turns it off. */
  readonly earlyRefresh: number;
}

/**
 * Draws the moment of the early refresh by XFetch (Vattani, Chierichetti, Lowenstein, VLDB 2015): the end of the ttl
 * minus load time times an exponentially distributed factor, once for each process that stores the entry.
 */
export function drawRefreshTime(freshUntil: number, loadMs: number, earlyRefresh: number): number {
  return earlyRefresh === 0 ? freshUntil : freshUntil + loadMs * earlyRefresh * Math.log(1 - Math.random());
}

/** Returns how long an entry is kept past its ttl. */
export function retentionMs({ staleWhileRevalidateMs, staleIfErrorMs }: RefreshRules): number {
  return Math.max(staleWhileRevalidateMs, staleIfErrorMs);
}
