import { describe, expect, it } from 'vitest';

import { anchorsOf, linksOf } from './link.ts';

describe('linksOf', () => {
  it('resolves links from the folder of the page, and leaves out those to elsewhere and those in code', () => {
    const text = [
      '[a](b.md) and [c](../README.md#stores)',
      '[d](https://example.com) [e](#here)',
      '```ts',
      '[f](g.md)',
      '```',
    ].join('\n');
    expect(linksOf({ path: 'docs/page.md', text })).toEqual([
      { line: 1, path: 'docs/b.md', anchor: undefined },
      { line: 1, path: 'README.md', anchor: 'stores' },
      { line: 2, path: 'docs/page.md', anchor: 'here' },
    ]);
  });
});

describe('anchorsOf', () => {
  it('names headings as Markdown viewers do', () => {
    const text = '# One `call`, twice\n## invalid_option\n## What about …\n## Again\n## Again\n```\n## not here\n```';
    expect([...anchorsOf({ path: 'docs/page.md', text })]).toEqual([
      'one-call-twice',
      'invalid_option',
      'what-about-',
      'again',
      'again-1',
    ]);
  });
});
