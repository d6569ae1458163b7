import type { AccountStep, StepAnswer } from './account-step.ts';
import { paint } from './paint.ts';

const COLOURS = {
  hit: 'green',
  stale: 'green',
  coalesced: 'green',
  miss: 'yellow',
  bypass: 'yellow',
  write: 'blue',
  call: 'blue',
  refused: 'red',
  invalid: 'red',
} as const satisfies Record<StepAnswer, string>;

const CALL_WIDTH = 44;

/** Writes one step as one line: number, time, session, call, answer and why. */
export function stepLine({ step, atMs, session, tool, input, answer, why }: AccountStep): string {
  const number = String(step).padStart(4);
  const time = `${(atMs / 1000).toFixed(1)} s`.padStart(7);
  const call = clip(`${tool}(${inputText(input)})`, CALL_WIDTH).padEnd(CALL_WIDTH);
  const answered = paint(COLOURS[answer], answer.padEnd(9));
  return `${number} ${paint('dim', time)}  ${session.padEnd(10)}  ${call}  ${answered} · ${why}`;
}

/** Writes the values of an input, without their names: the tool says what they are. */
function inputText(input: unknown): string {
  if (typeof input !== 'object' || input === null) return JSON.stringify(input) ?? '';
  return Object.values(input)
    .map((value: unknown) =>
      typeof value === 'string' && /^[\w#.:/@-]+$/.test(value) ? shortened(value) : JSON.stringify(value),
    )
    .join(', ');
}

function shortened(word: string): string {
  return word.replace(/^https:\/\//, '');
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
