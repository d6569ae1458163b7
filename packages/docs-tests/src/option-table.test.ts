import { expect, it } from 'vitest';

import { optionTablesOf } from './option-table.ts';

it('reads the names and the defaults of a table after its comment, and no other table', () => {
  const text = [
    '| a | b |',
    '| - | - |',
    '| x | y |',
    '',
    '<!-- options: ReadOptions -->',
    '',
    '| option | meaning     | default |',
    '| ------ | ----------- | ------- |',
    '| `ttl`  | a \\| b      | `"5m"`  |',
    '| `name` | names it    |         |',
    '',
  ].join('\n');
  expect(optionTablesOf({ path: 'docs/page.md', text })).toEqual([
    {
      of: 'ReadOptions',
      page: 'docs/page.md',
      line: 5,
      rows: [
        { name: 'ttl', byDefault: '`"5m"`' },
        { name: 'name', byDefault: '' },
      ],
    },
  ]);
});
