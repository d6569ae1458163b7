import type { WorkspacePackage } from '../workspace.ts';
import { dependencyRules } from './dependencies.ts';
import { resolveRelative, type SourceFile, type SourceImport } from './source-file.ts';
import type { Violation } from './violation.ts';

type Broken = Omit<Violation, 'place'> | undefined;

/** Checks that a file reaches other packages through their public entries only, and its own files past no index. */
export function checkPackageBorder(
  file: SourceFile,
  home: WorkspacePackage,
  workspace: readonly WorkspacePackage[],
): Violation[] {
  return file.imports.flatMap((imported) => {
    const broken = imported.specifier.startsWith('.')
      ? checkRelative(file, home, imported)
      : checkSibling(file, home, workspace, imported);
    return broken ? [{ ...broken, place: `${file.path}:${imported.line}` }] : [];
  });
}

function checkRelative(file: SourceFile, home: WorkspacePackage, { specifier }: SourceImport): Broken {
  const target = resolveRelative(file, specifier);
  // The benches measure parts of the core by themselves, which have no public entry and should have none.
  if (home.manifest.name === '@keepstep/bench' && target.startsWith('packages/core/src/')) return undefined;
  if (!target.startsWith(`${home.folder}/`)) {
    return {
      rule: 'package border',
      problem: `"${specifier}" leaves ${home.folder}.`,
      remedy: 'Import a public entry of the other package by its name.',
    };
  }
  if (!file.isTest && /(^|\/)(index(\.[a-z]+)?|\.\.?)$/.test(specifier)) {
    return {
      rule: 'no barrels',
      problem: `"${specifier}" is an index, which is for users of the package.`,
      remedy: 'Import the file that declares the name.',
    };
  }
  return undefined;
}

function checkSibling(
  { isTest }: SourceFile,
  home: WorkspacePackage,
  workspace: readonly WorkspacePackage[],
  { specifier }: SourceImport,
): Broken {
  const sibling = workspace.find(({ manifest: { name } }) => specifier === name || specifier.startsWith(`${name}/`));
  if (!sibling || sibling === home) return undefined;
  const { name, exports = {} } = sibling.manifest;
  const allowed = dependencyRules[home.manifest.name]?.dependencies;
  // What tests run against is no part of what is published.
  const isTestBed = isTest && name === '@keepstep/test-servers';
  if (!home.manifest.private && allowed && !allowed.includes(name) && !isTestBed) {
    return {
      rule: 'package border',
      problem: `${home.manifest.name} may not import ${name}.`,
      remedy: `Published packages meet in @keepstep/core: ${home.manifest.name} may import ${allowed.join(', ')}.`,
    };
  }
  const entry = `.${specifier.slice(name.length)}`;
  const entries = typeof exports === 'string' ? ['.'] : Object.keys(exports);
  if (!entries.includes(entry)) {
    return {
      rule: 'package border',
      problem: `"${specifier}" is no public entry of ${name}.`,
      remedy: `Import one of its entries: ${entries.map((known) => name + known.slice(1)).join(', ')}.`,
    };
  }
  return undefined;
}
