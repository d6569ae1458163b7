import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSampleRepository, type SampleRepository } from './sample/sample-repository.ts';

const STATEMENTS = 'packages/core/src/stores/sqlite/statements/entries.sql';
const SCRIPT = 'packages/core/src/stores/sqlite/schema/migration-1.sql';

let sample: SampleRepository;

beforeEach(() => {
  sample = createSampleRepository();
});
afterEach(() => {
  sample[Symbol.dispose]();
});

async function importGenerated(source: string): Promise<Record<string, unknown>> {
  return (await import(join(sample.root, source.replace('.sql', '.generated.ts')))) as Record<string, unknown>;
}

it('makes an object of named statements, with their comments', async () => {
  sample.write(
    STATEMENTS,
    '-- Is about entries.\n\n-- findEntry: Returns an entry.\n-- Its ttl may be over.\nSELECT value\n  FROM entry;\n\n-- dropAll: Deletes all.\nDELETE FROM entry;\n',
  );
  expect(await sample.run('generate.ts')).toMatchObject({ ok: true });
  expect({ ...(await importGenerated(STATEMENTS)) }).toEqual({
    entriesSql: { findEntry: 'SELECT value\n  FROM entry;', dropAll: 'DELETE FROM entry;' },
  });
  const text = readFileSync(join(sample.root, STATEMENTS.replace('.sql', '.generated.ts')), 'utf8');
  expect(text).toContain('  /**\n   * Returns an entry.\n   * Its ttl may be over.\n   */\n  findEntry');
});

it('keeps every character of a script', async () => {
  const script = "-- Says `${hello}` with a \\ and a */.\nCREATE TABLE entry (key TEXT DEFAULT '\\n');";
  sample.write(SCRIPT, `${script}\n`);
  await sample.run('generate.ts');
  expect({ ...(await importGenerated(SCRIPT)) }).toEqual({ migration1Sql: script });
});

it('passes the other gates with what it has made', async () => {
  sample.write(STATEMENTS, `-- findEntry: Returns an entry.\nSELECT '${'long '.repeat(40)}'\n  FROM entry;\n`);
  await sample.run('generate.ts');
  sample.write(
    'packages/core/src/stores/sqlite/entries.ts',
    `export { entriesSql } from './statements/entries.generated.ts';\n`,
  );
  sample.append('packages/core/src/index.ts', `export { entriesSql } from './stores/sqlite/entries.ts';\n`);
  const { ok, output } = await sample.check('generated', 'types', 'lint', 'format', 'structure', 'unused');
  expect(output.match(/^[✓✗] \w+/gm)).toEqual([
    '✓ generated',
    '✓ types',
    '✓ lint',
    '✓ format',
    '✓ structure',
    '✓ unused',
  ]);
  expect(ok).toBe(true);
});

describe('refuses a source', () => {
  it.each([
    { what: 'whose statement has no name', source: 'SELECT 1;\n', problem: 'a statement has no name' },
    {
      what: 'with one name twice',
      source: '-- one: Is one.\nSELECT 1;\n-- one: Is one.\nSELECT 1;\n',
      problem: 'two statements "one"',
    },
    { what: 'with a name and no statement', source: '-- one: Is one.\n', problem: '"one" has no statement' },
    {
      what: 'with two statements of one name',
      source: '-- one: Is one.\nSELECT 1;\nSELECT 2;\n',
      problem: 'is not one statement',
    },
  ])('$what', async ({ source, problem }) => {
    sample.write(STATEMENTS, source);
    const { ok, output } = await sample.run('generate.ts');
    expect(output).toContain(`${STATEMENTS}:`);
    expect(output).toContain(problem);
    expect(ok).toBe(false);
  });

  it('whose name makes no identifier', async () => {
    sample.write(STATEMENTS.replace('entries', '0-entries'), '-- one: Is one.\nSELECT 1;\n');
    const { ok, output } = await sample.run('generate.ts');
    expect(output).toContain('0-entries.sql: its name is not kebab-case');
    expect(ok).toBe(false);
  });
});
