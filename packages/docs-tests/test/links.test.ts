import { describe, expect, it } from 'vitest';

import { anchorsOf, linksOf } from '../src/link.ts';
import { exists, readPages } from '../src/page.ts';
import { proseOf } from '../src/prose.ts';

const pages = readPages();

describe.for(pages)('$path', (page) => {
  it('links to files and headings that are there', () => {
    const broken = linksOf(page).filter(({ path, anchor }) => {
      if (!exists(path)) return true;
      const target = pages.find((each) => each.path === path);
      return anchor !== undefined && !(target && anchorsOf(target).has(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('names files and folders that are there', () => {
    const named = [...proseOf(page).matchAll(/`((?:packages|apps|scripts|docs)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(named.filter((path) => !exists(path))).toEqual([]);
  });
});

describe('README.md', () => {
  it('leads to every page of the documentation', () => {
    const readme = pages.find(({ path }) => path === 'README.md');
    const linked = readme ? linksOf(readme).map(({ path }) => path) : [];
    expect(pages.map(({ path }) => path).filter((path) => path.startsWith('docs/') && !linked.includes(path))).toEqual(
      [],
    );
  });
});
