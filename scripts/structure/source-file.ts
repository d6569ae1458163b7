import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';

/** Is one import, re-export, `import()` or `import('…')` type of a file. */
export interface SourceImport {
  readonly specifier: string;
  readonly line: number;
  /** Says what comes in: types only, values, or values on demand. */
  readonly kind: 'types' | 'values' | 'lazy';
}

/** Is a TypeScript file that has been read and parsed. */
export interface SourceFile {
  /** Is its path from the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
  readonly parsed: ReturnType<typeof parseSync>;
  readonly imports: readonly SourceImport[];
}

/** Reads one file; `path` is from the root. */
export function readSourceFile(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const parsed = parseSync(path, text);
  return { path, text, isTest: /\.(test|test-d|bench)\.tsx?$/.test(path), parsed, imports: importsOf(text, parsed) };
}

/** Lists the TypeScript files below a folder, deepest last. */
export function sourcePaths(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'dist')
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) return sourcePaths(root, path);
      return /\.tsx?$/.test(entry.name) ? [path] : [];
    });
}

/** Returns the path from the root that a relative import of a file points to. */
export function resolveRelative(file: SourceFile, specifier: string): string {
  return posix.join(posix.dirname(file.path), specifier);
}

/** Returns the line of a position in a text, counted from 1. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function importsOf(text: string, { module, program }: SourceFile['parsed']): SourceImport[] {
  const found: SourceImport[] = [];
  const add = (specifier: string, position: number, kind: SourceImport['kind']): void => {
    found.push({ specifier, line: lineAt(text, position), kind });
  };
  for (const { moduleRequest, entries, start } of module.staticImports) {
    const typesOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    add(moduleRequest.value, start, typesOnly ? 'types' : 'values');
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType, start } of entries) {
      if (moduleRequest) add(moduleRequest.value, start, isType ? 'types' : 'values');
    }
  }
  new Visitor({
    ImportExpression: ({ source, start }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') add(source.value, start, 'lazy');
    },
    TSImportType: ({ source, start }) => add(source.value, start, 'types'),
  }).visit(program);
  return found;
}
