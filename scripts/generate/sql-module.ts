import { posix } from 'node:path';
import { SourceError, type GeneratedKind } from './generated-kind.ts';
import { docComment, textLiteral } from './text-literal.ts';

/** Begins a statement: `-- findEntry: Returns the entry of a key.` Further comment lines up to the statement belong to it. */
const HEADING = /^-- ([a-z][A-Za-z]*): (.+)$/;

/**
 * Makes a module of an SQL file.
 *
 * A file in a folder `schema` is a script and becomes one text, named after the file. Every other file is a list of named
 * statements and becomes one object that holds them by name.
 */
export const sqlModule: GeneratedKind = {
  ending: '.sql',
  render(path, source) {
    const name = identifierOf(path);
    if (posix.basename(posix.dirname(path)) === 'schema') {
      return `${docComment([`Is the script ${posix.basename(path)}.`])}export const ${name}Sql: string = ${textLiteral(source.trim())};\n`;
    }
    const members = statementsOf(path, source).map(
      (statement) => `${docComment(statement.comment, '  ')}  ${statement.name}: ${textLiteral(statement.sql)},\n`,
    );
    return `${docComment([`Holds the statements of ${posix.basename(path)} by name.`])}export const ${name}Sql = {\n${members.join('')}} as const;\n`;
  },
};

interface NamedStatement {
  readonly name: string;
  readonly comment: readonly string[];
  readonly sql: string;
}

function statementsOf(path: string, source: string): NamedStatement[] {
  const lines = source.split('\n');
  const starts = lines.flatMap((line, index) => (HEADING.test(line) ? [index] : []));
  if (lines.slice(0, starts[0]).some((line) => line !== '' && !line.startsWith('--'))) {
    throw new SourceError(`${path}: a statement has no name. Write "-- findEntry: Returns …" before it.`);
  }
  const names = new Set<string>();
  return starts.map((start, position) => {
    const [, name = '', summary = ''] = HEADING.exec(lines[start] ?? '') ?? [];
    if (names.has(name)) throw new SourceError(`${path}:${start + 1}: there are two statements "${name}".`);
    names.add(name);
    const rest = lines.slice(start + 1, starts[position + 1]);
    const first = rest.findIndex((line) => !line.startsWith('--'));
    const body = rest.slice(first).join('\n').trim();
    if (first === -1 || body === '') throw new SourceError(`${path}:${start + 1}: "${name}" has no statement.`);
    const semicolon = body.indexOf(';');
    if (semicolon !== body.length - 1) {
      throw new SourceError(`${path}:${start + 1}: "${name}" is not one statement that ends with a semicolon.`);
    }
    return { name, comment: [summary, ...rest.slice(0, first).map((line) => line.slice(3))], sql: body };
  });
}

/** Turns `write-barriers.sql` into `writeBarriers`. */
function identifierOf(path: string): string {
  const name = posix.basename(path, '.sql');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new SourceError(`${path}: its name is not kebab-case that starts with a letter.`);
  }
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
