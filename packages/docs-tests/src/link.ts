import { posix } from 'node:path';

import type { Page } from './page.ts';
import { proseOf } from './prose.ts';

/** Is a link from a page to something in the repository. */
export interface Link {
  readonly line: number;
  /** Is the path from the root of the repository. */
  readonly path: string;
  /** Is the anchor on that page, without the hash. */
  readonly anchor: string | undefined;
}

/** Lists the relative links of a page. */
export function linksOf(page: Page): readonly Link[] {
  const prose = proseOf(page);
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(({ 1: target = '', index }) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const folder = posix.dirname(page.path);
    return [
      {
        line: prose.slice(0, index).split('\n').length,
        path: path === '' ? page.path : posix.join(folder, path),
        anchor,
      },
    ];
  });
}

/** Lists the anchors of a page: its headings, as the usual Markdown viewers name them. */
export function anchorsOf(page: Page): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(page).matchAll(/^#{1,6} (.+)$/gm)) {
    const name = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = name;
    for (let copy = 1; anchors.has(anchor); copy += 1) anchor = `${name}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}
