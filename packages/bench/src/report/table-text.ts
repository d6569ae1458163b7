import { styleText } from 'node:util';

import type { Row, Table } from './table.ts';

/** Formats a table for people. */
export function tableText({ title, note, unit, rows }: Table): string {
  const base = rows[0]?.contender ?? '';
  const head = ['', 'median', 'min', 'max', `x ${base}`, ''];
  const lines = [head, ...rows.map((row) => cellsOf(row, unit))];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => (cells[column] as string).length)));
  const body = lines.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 || column === 5 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number),
      )
      .join('  ')
      .trimEnd(),
  );
  return [styleText('underline', title), ...(note === undefined ? [] : [note]), ...body].join('\n');
}

function cellsOf({ contender, figure, ratio, note = '' }: Row, unit: Table['unit']): string[] {
  if (figure === null) return [contender, 'n/a', '', '', '', note];
  const { median, min, max } = figure;
  return [contender, ...[median, min, max].map((value) => amount(value, unit)), ratioText(ratio), note];
}

/** Formats nanoseconds, bytes or parts per million, with a unit. */
function amount(value: number, unit: Table['unit']): string {
  if (unit === 'ppm') return `${digits(value)} ppm`;
  if (unit === 'bytes') return `${digits(value)} B`;
  return value < 10_000 ? `${digits(value)} ns` : `${digits(value / 1000)} µs`;
}

function ratioText(ratio: number | null): string {
  return ratio === null ? '' : digits(ratio);
}

function digits(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0);
}
