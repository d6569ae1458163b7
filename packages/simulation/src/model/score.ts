import { CommandError } from './command.ts';

/** Reads the score of a member. */
export function parseScore(text: string | undefined, message = 'ERR value is not a valid float'): number {
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text ?? '');
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text ?? '')) throw new CommandError(message);
  const score = Number(text);
  if (!Number.isFinite(score)) throw new CommandError(message);
  return score;
}

/** Writes a score as the server does: whole numbers in full. */
export function formatScore(score: number): string {
  if (score === Infinity) return 'inf';
  if (score === -Infinity) return '-inf';
  return Number.isInteger(score) && Math.abs(score) < 2 ** 62 ? BigInt(score).toString() : String(score);
}

const NOT_A_BOUND = 'ERR min or max is not a float';

/** Is one end of a range. */
export interface Bound<Place> {
  readonly place: Place;
  readonly isOpen: boolean;
}

/** Reads the end of a range of scores: `5`, `(5`, `-inf`. */
export function parseScoreBound(text: string): Bound<number> {
  const isOpen = text.startsWith('(');
  // Read as text of C, which ends at a zero byte.
  const place = text.slice(isOpen ? 1 : 0).replace(/\0.*/s, '');
  // An end that is empty is read as zero, and one that is too large as infinite.
  const score = place === '' || /^[+-]?\d+e\d+$/.test(place) ? Number(place) : parseScore(place, NOT_A_BOUND);
  return { place: score, isOpen };
}
