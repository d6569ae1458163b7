import type { Page } from './page.ts';

/**
 * Is one block of TypeScript on a page.
 *
 * How a page says what belongs to what:
 *
 * - A block stands for itself, unless the line before it is `<!-- snippet: continues -->`: then it goes on where the
 *   block before it ended, and a page reads as one program.
 * - `<!-- snippet: setup`, some lines of code, and `-->` before a block is code that runs first and is not shown.
 * - A block of `text output` right after it is what the block prints, to the letter. Without one it prints nothing.
 */
export interface Snippet {
  /** Holds its lines, and those of its setup, each with its number on the page, counted from 1. */
  readonly lines: readonly SnippetLine[];
  /** Is the line on which the block begins. */
  readonly line: number;
  /** Is the line on which it ends. */
  readonly endLine: number;
  readonly continues: boolean;
  /** Is what it prints. */
  readonly output: string;
}

/** Is a line of code and where it stands. */
interface SnippetLine {
  readonly line: number;
  readonly text: string;
}

const CONTINUES = '<!-- snippet: continues -->';
const SETUP = '<!-- snippet: setup';

/**
 * Finds the blocks of TypeScript on a page.
 *
 * @throws Error for a comment that no block follows, an output without a block, and a block without an end
 */
export function snippetsOf({ path, text }: Page): readonly Snippet[] {
  const lines = text.split('\n');
  const snippets: Snippet[] = [];
  let continues = false;
  let setup: SnippetLine[] = [];
  let last: { snippet: Snippet; isNear: boolean } | undefined;

  const fail = (index: number, problem: string): never => {
    throw new Error(`${path}:${index + 1}: ${problem}`);
  };
  const endOf = (index: number, end: string): number => {
    const found = lines.indexOf(end, index + 1);
    return found < 0 ? fail(index, `there is no ${end} to end this.`) : found;
  };
  const linesBetween = (start: number, end: number): SnippetLine[] =>
    lines.slice(start + 1, end).map((line, offset) => ({ line: start + offset + 2, text: line }));

  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string;
    if (line.trim() === '') continue;
    if (line === CONTINUES) {
      continues = true;
      continue;
    }
    if (line === SETUP) {
      const end = endOf(index, '-->');
      setup = linesBetween(index, end);
      index = end;
      continue;
    }
    const fence = /^\s*(`{3,})\s*(.*)$/.exec(line);
    if (fence === null) {
      if (continues || setup.length > 0) fail(index, 'the snippet comment before this line belongs to no block.');
      if (last !== undefined) last.isNear = false;
      continue;
    }
    const [, ticks = '', info = ''] = fence;
    const end = endOf(index, ticks);
    if (info === 'ts') {
      if (continues && snippets.length === 0) fail(index, 'there is no block before this one that it could continue.');
      const snippet = {
        lines: [...setup, ...linesBetween(index, end)],
        line: index + 1,
        endLine: end + 1,
        continues,
        output: '',
      };
      snippets.push(snippet);
      last = { snippet, isNear: true };
      continues = false;
      setup = [];
    } else if (info === 'text output') {
      if (!last?.isNear) fail(index, 'this output follows no block of code.');
      const output = linesBetween(index, end)
        .map((each) => each.text)
        .join('\n');
      snippets[snippets.length - 1] = { ...(last as { snippet: Snippet }).snippet, output };
      last = undefined;
    } else if (continues || setup.length > 0) {
      fail(index, 'the snippet comment before this block belongs to TypeScript only.');
    }
    index = end;
  }
  return snippets;
}
