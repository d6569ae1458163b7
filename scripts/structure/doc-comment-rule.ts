import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspacePackage } from '../workspace.ts';
import { lineAt, readSourceFile, resolveRelative, type SourceFile } from './source-file.ts';
import type { Violation } from './violation.ts';

type Statement = SourceFile['parsed']['program']['body'][number];

/** Checks that every export of every public entry of a package says what it is. */
export function checkDocComments(root: string, { folder, manifest }: WorkspacePackage): Violation[] {
  return entrySources(manifest.exports).flatMap((source) => {
    const path = join(folder, source);
    if (!existsSync(join(root, path))) {
      return [
        {
          place: `${folder}/package.json`,
          rule: 'public entries',
          problem: `"exports" names ${source}, which is not there.`,
          remedy: 'Write the file or remove the entry.',
        },
      ];
    }
    return checkExports(root, readSourceFile(root, path));
  });
}

function entrySources(exports: WorkspacePackage['manifest']['exports'] = {}): string[] {
  const entries = typeof exports === 'string' ? [exports] : Object.values(exports);
  return entries
    .map((entry) => (typeof entry === 'string' ? entry : (entry['keepstep-source'] ?? '')))
    .filter((path) => /\.tsx?$/.test(path));
}

function checkExports(root: string, file: SourceFile, only?: string): Violation[] {
  return file.parsed.module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName, importName, localName, moduleRequest, start }) => {
      const name = exportName.kind === 'Default' ? 'default' : exportName.name;
      if (only !== undefined && name !== only) return [];
      if (name === null) return [starExport(`${file.path}:${lineAt(file.text, start)}`)];
      const source = moduleRequest
        ? { from: moduleRequest.value, name: importName.name }
        : importedAs(file, localName.name);
      if (!source) return checkDeclaration(file, localName.name ?? name, start);
      if (!source.from.startsWith('.') || !source.name) return [];
      return checkExports(root, readSourceFile(root, resolveRelative(file, source.from)), source.name);
    }),
  );
}

/** Finds where a name comes from that a file imports first and exports later. */
function importedAs(file: SourceFile, local: string | null): { from: string; name: string | null } | undefined {
  for (const { moduleRequest, entries } of file.parsed.module.staticImports) {
    const entry = entries.find(({ localName }) => localName.value === local);
    if (entry) return { from: moduleRequest.value, name: entry.importName.name };
  }
  return undefined;
}

function checkDeclaration(file: SourceFile, name: string, position: number): Violation[] {
  const declarations = file.parsed.program.body.filter((statement) => declaredNames(statement).includes(name));
  const comments = declarations.map((declaration) => docCommentBefore(file, declaration.start));
  const text = comments.find((comment) => comment !== undefined);
  if (text !== undefined && startsWithVerb(text)) return [];
  return [
    {
      place: `${file.path}:${lineAt(file.text, declarations[0]?.start ?? position)}`,
      rule: 'doc comments',
      problem:
        text === undefined
          ? `the public export ${name} has no doc comment.`
          : `the doc comment of the public export ${name} does not start with a verb.`,
      remedy: 'Say what it is or does, starting with a verb in the third person: Returns, Keeps, Is.',
    },
  ];
}

function declaredNames(statement: Statement): string[] {
  const inner =
    statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
      ? statement.declaration
      : statement;
  if (!inner) return [];
  const defaultName = statement.type === 'ExportDefaultDeclaration' ? ['default'] : [];
  if (inner.type === 'VariableDeclaration') {
    return inner.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  }
  const named = 'id' in inner && inner.id?.type === 'Identifier' ? [inner.id.name] : [];
  return [...named, ...defaultName];
}

function docCommentBefore({ text, parsed }: SourceFile, position: number): string | undefined {
  const comment = parsed.comments.findLast(({ end }) => end <= position);
  const isItsOwn = comment && text.slice(comment.end, position).trim() === '';
  return isItsOwn && comment.type === 'Block' && comment.value.startsWith('*') ? comment.value : undefined;
}

function startsWithVerb(comment: string): boolean {
  const word = /[A-Za-z]+/.exec(comment)?.[0] ?? '';
  return word.endsWith('s') && word !== 'This';
}

function starExport(place: string): Violation {
  return {
    place,
    rule: 'public entries',
    problem: 'a public entry uses "export *".',
    remedy: 'Name every export, so that nothing becomes public by accident.',
  };
}
