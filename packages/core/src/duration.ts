import { checkOption } from './option-checks.ts';

/** Is a length of time: a number of milliseconds, or a number with a unit, such as `"250ms"`, `"30s"`, `"5m"`, `"24h"`, `"7d"`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const FORM = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/**
 * Turns a duration into milliseconds.
 *
 * @param option names the option in the error, by its path
 * @throws InvalidOptionError for anything but a positive, finite duration
 */
export function parseDuration(value: Duration, option: string): number {
  const parts = typeof value === 'string' ? FORM.exec(value) : null;
  const milliseconds = parts ? Number(parts[1]) * (UNIT_MS[parts[2] as string] as number) : value;
  const isLength = typeof milliseconds === 'number' && milliseconds > 0 && milliseconds < Infinity;
  const allowed = 'a positive number of milliseconds, or a text such as "250ms", "30s", "5m", "24h", "7d"';
  checkOption(isLength, option, value, allowed);
  return milliseconds as number;
}
