import type { Page } from './page.ts';

/** Is a table of options on a page: the one after the comment `<!-- options: ReadOptions -->`. */
export interface OptionTable {
  /** Names the interface whose members it lists. */
  readonly of: string;
  readonly page: string;
  readonly line: number;
  readonly rows: readonly OptionRow[];
}

/** Is a row of it. */
interface OptionRow {
  readonly name: string;
  /** Is the text of the last column. */
  readonly byDefault: string;
}

/** Finds the tables of options on a page. */
export function optionTablesOf({ path, text }: Page): readonly OptionTable[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const of = /^<!-- options: (\w+) -->$/.exec(line)?.[1];
    if (of === undefined) return [];
    const start = lines.findIndex((each, at) => at > index && each.startsWith('|'));
    const end = lines.findIndex((each, at) => at > start && !each.startsWith('|'));
    // The first two are the heads of the columns and the rule below them.
    const rows = lines.slice(start, end).slice(2).map(rowOf);
    return [{ of, page: path, line: index + 1, rows }];
  });
}

function rowOf(line: string): OptionRow {
  const cells = line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
  return { name: (cells[0] ?? '').replaceAll('`', ''), byDefault: cells.at(-1) ?? '' };
}
