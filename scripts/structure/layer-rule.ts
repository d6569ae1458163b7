import { builtinModules } from 'node:module';
import { layers, lazyPackages, nodeModulesOwners, owners, vendors, type Layer } from './layers.ts';
import { resolveRelative, type SourceFile, type SourceImport } from './source-file.ts';
import type { Violation } from './violation.ts';

const SOURCE = 'packages/core/src/';
const TABLE = 'scripts/structure/layers.ts';

/** Checks the imports of a file of the core against the table of layers. */
export function checkLayers(file: SourceFile): Violation[] {
  if (!file.path.startsWith(SOURCE)) return [];
  const path = file.path.slice(SOURCE.length);
  const layer = layerOf(path);
  if (!layer && !file.isTest) return [unknownPlace(file.path)];
  return file.imports.flatMap((imported) => {
    const broken = imported.specifier.startsWith('.')
      ? checkOwn(file, layer, imported)
      : checkForeign(file, path, imported);
    return broken ? [{ ...broken, place: `${file.path}:${imported.line}` }] : [];
  });
}

type Broken = Omit<Violation, 'place'> | undefined;

function checkOwn(file: SourceFile, from: Layer | undefined, { specifier, kind }: SourceImport): Broken {
  const target = resolveRelative(file, specifier);
  if (file.isTest || !from || !target.startsWith(SOURCE)) return undefined;
  const to = layerOf(target.slice(SOURCE.length));
  if (!to || to === from || from.imports.includes(to.name)) return undefined;
  const allowsTypes = from.importsTypesOf?.includes(to.name) ?? false;
  if (allowsTypes && kind === 'types') return undefined;
  return {
    rule: 'layers',
    problem: allowsTypes
      ? `${from.name} may import types of ${to.name}, and "${specifier}" brings in values.`
      : `${from.name} may not import ${to.name} ("${specifier}"); types count too.`,
    remedy: allowsTypes
      ? 'Write "import type".'
      : `Move what both need further down, or pass it in as a parameter. ${from.name} may import: ${from.imports.join(', ') || 'nothing of ours but itself'}.`,
  };
}

function checkForeign(file: SourceFile, path: string, { specifier, kind }: SourceImport): Broken {
  if (vendors.test(specifier)) {
    return {
      rule: 'vendors',
      problem: `the core imports no framework and no sibling package ("${specifier}").`,
      remedy: 'Declare the small interface that is needed here, and let the adapter pass the framework in.',
    };
  }
  if (file.isTest) return undefined;
  const name = packageOf(specifier);
  const ownerPaths = owners[name] ?? (name.startsWith('node:') ? nodeModulesOwners : undefined);
  if (!ownerPaths) {
    return {
      rule: 'vendors',
      problem: `the core depends on devalue and on nothing else ("${specifier}").`,
      remedy: 'Do without the package, or move the code into a package of its own.',
    };
  }
  if (!ownerPaths.some((owner) => isBelow(path, owner))) {
    return {
      rule: 'owners',
      problem: `"${specifier}" may be imported by ${ownerPaths.join(', ')} only.`,
      remedy: `Go through its owner, or name a new owner in ${TABLE}.`,
    };
  }
  if (lazyPackages.includes(name) && kind === 'values') {
    return {
      rule: 'vendors',
      problem: `"${specifier}" is imported for its values.`,
      remedy: 'Take the client as a parameter, or open it with "await import()"; "import type" is fine.',
    };
  }
  return undefined;
}

function unknownPlace(place: string): Violation {
  return {
    place,
    rule: 'layers',
    problem: 'this file belongs to no layer.',
    remedy: `Put it into the folder of the layer it belongs to, or give it a place in ${TABLE}.`,
  };
}

function layerOf(path: string): Layer | undefined {
  return layers.find(({ holds }) => holds.some((held) => isBelow(path, held)));
}

function isBelow(path: string, held: string): boolean {
  return held.endsWith('/') ? path.startsWith(held) : path === held;
}

function packageOf(specifier: string): string {
  const [first = '', second] = specifier.split('/');
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  return builtinModules.includes(name) ? `node:${name}` : name;
}
