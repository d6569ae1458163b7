import { posix } from 'node:path';
import { SourceError, type GeneratedKind } from './generated-kind.ts';
import { docComment, textLiteral } from './text-literal.ts';

/**
 * Makes a module of a Lua script.
 *
 * A script begins with a heading of comments: what it does, then `flags:` and `include:` where it needs them, one line for
 * each of `KEYS n:` and `ARGV n:` (`ARGV n…:` for all from there on), and one `RETURN` for each answer. The heading is
 * checked against the code, so that it can be believed: whatever it declares is used, and nothing else.
 *
 * A file that ends with `.include.lua` becomes one text, which the scripts that include it share.
 */
export const luaModule: GeneratedKind = {
  ending: '.lua',
  render(path, source, read) {
    const base = posix.basename(path, '.lua');
    if (base.endsWith('.include')) {
      return `${docComment([`Is what scripts include of ${base}.lua.`])}export const ${camelCase(path, base.slice(0, -8))}Lua: string = ${textLiteral(`${codeOf(source)}\n`)};\n`;
    }
    const heading = headingOf(path, source);
    const includes = heading.includes.map((name) => posix.join(posix.dirname(path), `${name}.include.lua`));
    checkUse(path, heading, [codeOf(source), ...includes.map((include) => codeOf(read(include)))].join('\n'));
    const imports = heading.includes
      .map((name) => `import { ${camelCase(path, name)}Lua } from './${name}.include.generated.ts';\n`)
      .join('');
    const flags = heading.flags.length === 0 ? '' : ` flags=${heading.flags.join(',')}`;
    const texts = [
      textLiteral(`#!lua${flags}\n`),
      ...heading.includes.map((name) => `${camelCase(path, name)}Lua`),
      textLiteral(`${codeOf(source)}\n`),
    ];
    const members = `{\n  name: '${base}',\n  source: [${texts.join(', ')}].join(''),\n}`;
    const type = '{ readonly name: string; readonly source: string }';
    return `${imports}${imports === '' ? '' : '\n'}${docComment(heading.prose)}export const ${camelCase(path, base)}Script: ${type} = ${members};\n`;
  },
};

interface Heading {
  readonly prose: readonly string[];
  readonly flags: readonly string[];
  readonly includes: readonly string[];
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

const FLAGS = ['allow-oom', 'allow-stale', 'no-cluster'];

function headingOf(path: string, source: string): Heading {
  const heading = { prose: [] as string[], flags: [] as string[], includes: [] as string[] };
  const places = { KEYS: [] as string[], ARGV: [] as string[] };
  for (const line of source.split('\n')) {
    if (!line.startsWith('-- ')) break;
    const [, word = '', place = '', rest = ''] =
      /^-- (flags|include|KEYS|ARGV|RETURN)(?: (\d+…?))?:? ?(.*)$/.exec(line) ?? [];
    if (word === '') heading.prose.push(line.slice(3));
    else if (word === 'flags') heading.flags.push(...rest.split(', '));
    else if (word === 'include') heading.includes.push(...rest.split(', '));
    else if (word === 'KEYS' || word === 'ARGV') {
      const list = places[word];
      if (place.replace('…', '') !== String(list.length + 1) || rest === '') {
        throw new SourceError(
          `${path}: after ${list.length} of ${word}, "${line}" is not the next one with its meaning.`,
        );
      }
      list.push(place);
    }
  }
  if (heading.prose.length === 0) throw new SourceError(`${path}: it does not begin by saying what it does.`);
  if (!source.includes('\n-- RETURN ')) throw new SourceError(`${path}: its heading names no answer ("-- RETURN …").`);
  const unknown = heading.flags.find((flag) => !FLAGS.includes(flag));
  if (unknown !== undefined) throw new SourceError(`${path}: the flag "${unknown}" is none of ${FLAGS.join(', ')}.`);
  return { ...heading, keys: places.KEYS, args: places.ARGV };
}

function checkUse(path: string, { keys, args }: Heading, code: string): void {
  for (const [word, declared] of [
    ['KEYS', keys],
    ['ARGV', args],
  ] as const) {
    const used = new Set(
      [...code.matchAll(new RegExp(`\\b${word}\\[(\\d+)\\]`, 'g'))].map(([, place]) => Number(place)),
    );
    for (const place of used) {
      if (place > declared.length) throw new SourceError(`${path}: ${word}[${place}] is used, but not declared.`);
    }
    const isLastUsed = code.includes(`${word}[#${word}]`);
    declared.forEach((place, index) => {
      const isUsed = used.has(index + 1) || place.endsWith('…') || (isLastUsed && index === declared.length - 1);
      if (!isUsed) throw new SourceError(`${path}: ${word} ${place} is declared, but not used.`);
    });
  }
}

/** Leaves out what the server need not read: comments that have a line of their own, and empty lines. */
function codeOf(source: string): string {
  return source
    .split('\n')
    .filter((line) => !/^\s*(--.*)?$/.test(line))
    .join('\n');
}

function camelCase(path: string, name: string): string {
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) throw new SourceError(`${path}: its name is not kebab-case.`);
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
