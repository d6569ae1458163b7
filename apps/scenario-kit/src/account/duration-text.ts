/** Writes a length of time as people read it: `120 ms`, `3 s`, `1.4 s`, `2.5 min`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${round(milliseconds / 1000)} s`;
  return `${round(milliseconds / 60_000)} min`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
