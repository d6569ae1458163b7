import type { Page } from './page.ts';

/** Returns a page without its blocks of code and its comments, line by line, so that line numbers stay. */
export function proseOf({ text }: Page): string {
  return text.replaceAll(/^(\s*`{3,})[^\n]*\n[\s\S]*?^\1$/gm, blank).replaceAll(/<!--[\s\S]*?-->/g, blank);
}

function blank(part: string): string {
  return part.replaceAll(/[^\n]/g, '');
}
