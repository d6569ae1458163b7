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

describe('of a Lua script', () => {
  const LUA = 'packages/core/src/stores/valkey/lua/take.lua';
  const INCLUDE = 'packages/core/src/stores/valkey/lua/shared.include.lua';
  const HEADING =
    '-- Takes a key.\n-- flags: allow-oom\n-- include: shared\n-- KEYS 1: key\n-- ARGV 1: token\n-- ARGV 2…: tags\n-- RETURN 1 | 0\n';

  it('makes one text of its flags, what it includes, and its code, without the comments', async () => {
    sample.write(INCLUDE, '-- Is shared.\nlocal KEY = KEYS[1]\n');
    sample.write(LUA, `${HEADING}-- Why.\nreturn redis.call('GET', KEY) == ARGV[1] -- the token\n`);
    expect(await sample.run('generate.ts')).toMatchObject({ ok: true });
    const { takeScript } = (await import(join(sample.root, LUA.replace('.lua', '.generated.ts')))) as {
      takeScript: unknown;
    };
    expect(takeScript).toEqual({
      name: 'take',
      source: "#!lua flags=allow-oom\nlocal KEY = KEYS[1]\nreturn redis.call('GET', KEY) == ARGV[1] -- the token\n",
    });
  });

  it.each([
    { what: 'says not what it does', heading: '-- KEYS 1: key\n-- RETURN 1\n', problem: 'saying what it does' },
    { what: 'names no answer', heading: '-- Takes.\n-- KEYS 1: key\n', problem: 'names no answer' },
    { what: 'has an unknown flag', heading: '-- Takes.\n-- flags: fast\n-- RETURN 1\n', problem: '"fast" is none of' },
    {
      what: 'leaves out a number',
      heading: '-- Takes.\n-- KEYS 2: key\n-- RETURN 1\n',
      problem: 'is not the next one',
    },
    {
      what: 'leaves out what is used',
      heading: '-- Takes.\n-- RETURN 1\n',
      problem: 'KEYS[1] is used, but not declared',
    },
    {
      what: 'declares what is not used',
      heading: '-- Takes.\n-- KEYS 1: key\n-- ARGV 1: token\n-- RETURN 1\n',
      problem: 'ARGV 1 is declared, but not used',
    },
  ])('refuses one whose heading $what', async ({ heading, problem }) => {
    sample.write(LUA, `${heading}return redis.call('GET', KEYS[1])\n`);
    const { ok, output } = await sample.run('generate.ts');
    expect(output).toContain(problem);
    expect(ok).toBe(false);
  });
});
