import type { Page } from './page.ts';
import { snippetsOf, type Snippet } from './snippet.ts';

/** Is a program that a page tells, in one block or in several. */
export interface Program {
  /** Names its file, without the ending: `docs-loops-12`. */
  readonly name: string;
  readonly page: string;
  readonly snippets: readonly Snippet[];
  /** Is its code: each line stands where it stands on the page, so that errors name the right one. */
  readonly code: string;
}

/** Puts the blocks of a page together to programs. */
export function programsOf(page: Page): readonly Program[] {
  const groups: Snippet[][] = [];
  for (const snippet of snippetsOf(page)) {
    if (snippet.continues) groups.at(-1)?.push(snippet);
    else groups.push([snippet]);
  }
  return groups.map((snippets) => {
    const first = snippets[0] as Snippet;
    const name = `${page.path.replace(/\.md$/, '').replaceAll('/', '-')}-${first.line}`;
    return { name, page: page.path, snippets, code: codeOf(snippets) };
  });
}

/** Splits what a program has printed into the outputs of its blocks. */
export function outputsOf({ snippets }: Program, printed: string): readonly string[] {
  const outputs: string[] = [];
  let rest = printed;
  for (const { endLine } of snippets) {
    const mark = `${markOf(endLine)}\n`;
    const end = rest.indexOf(mark);
    outputs.push((end < 0 ? rest : rest.slice(0, end)).trimEnd());
    rest = end < 0 ? '' : rest.slice(end + mark.length);
  }
  // What is printed after the last block, by a timer for one, belongs to nobody, and must not get lost.
  if (rest.trim() !== '') outputs.push(rest.trimEnd());
  return outputs;
}

function codeOf(snippets: readonly Snippet[]): string {
  const code: string[] = [];
  for (const { lines, endLine } of snippets) {
    for (const { line, text } of lines) code[line - 1] = text;
    code[endLine - 1] = `console.log(${JSON.stringify(markOf(endLine))});`;
  }
  // A file without an import is a module only if it says so.
  return `${Array.from(code, (line) => line ?? '').join('\n')}\nexport {};\n`;
}

function markOf(endLine: number): string {
  return `[end of the block at line ${endLine}]`;
}
