import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'rolldown/utils';

import { repositoryRoot } from './page.ts';

/** Is a member of an interface. */
interface Member {
  readonly name: string;
  /** Is what its doc comment names as the default. */
  readonly byDefault: string | undefined;
}

/** Knows the interfaces and unions that the packages declare, read from their sources. */
export interface PublicTypes {
  /** Lists the types that the public entries export, the test kit excepted. */
  readonly exported: readonly string[];
  /** Lists the members that an interface declares itself. */
  membersOf(name: string): readonly Member[];
  /** Lists the texts of a union of texts. */
  textsOf(name: string): readonly string[];
  /** Lists the texts that a member of this name has, over all interfaces of a union. */
  tagsOf(name: string, member: string): readonly string[];
}

type Statement = ReturnType<typeof parseSync>['program']['body'][number];
type Interface = Extract<Statement, { readonly type: 'TSInterfaceDeclaration' }>;
type Alias = Extract<Statement, { readonly type: 'TSTypeAliasDeclaration' }>;
type Type = Alias['typeAnnotation'];

interface Found<Declaration> {
  readonly declaration: Declaration;
  /** Is the text of the file that holds it. */
  readonly text: string;
}

/** Names the sources of each package that is documented, and its public entries. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  'packages/core/src': [
    'index.ts',
    'annotation-policy.ts',
    'state/index.ts',
    'stores/sqlite/index.ts',
    'stores/valkey/index.ts',
  ],
  'packages/ai-sdk/src': ['index.ts'],
  'packages/langchain/src': ['index.ts'],
  'packages/langgraph/src': ['index.ts'],
};

/** Reads the sources of the packages. */
export function readPublicTypes(): PublicTypes {
  const interfaces = new Map<string, Found<Interface>>();
  const aliases = new Map<string, Found<Alias>>();
  for (const path of Object.keys(SOURCES).flatMap(filesIn)) {
    const text = readFileSync(path, 'utf8');
    for (const statement of parseSync(path, text).program.body) {
      const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      if (declaration?.type === 'TSInterfaceDeclaration') interfaces.set(declaration.id.name, { declaration, text });
      if (declaration?.type === 'TSTypeAliasDeclaration') aliases.set(declaration.id.name, { declaration, text });
    }
  }
  const bodyOf = (name: string): Interface['body']['body'] => find(interfaces, name).declaration.body.body;
  const unionOf = (name: string): readonly Type[] => partsOf(find(aliases, name).declaration.typeAnnotation);

  return {
    exported: exportedTypes(),
    membersOf(name) {
      const { text } = find(interfaces, name);
      return bodyOf(name).flatMap((member) =>
        member.type === 'TSPropertySignature' && member.key.type === 'Identifier'
          ? [{ name: member.key.name, byDefault: defaultBefore(text, member.start) }]
          : [],
      );
    },
    textsOf: (name) => unionOf(name).flatMap(textsIn),
    tagsOf: (name, tag) =>
      unionOf(name)
        .flatMap((type) =>
          type.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? [type.typeName.name] : [],
        )
        .flatMap(bodyOf)
        .flatMap((member) => {
          const isTag =
            member.type === 'TSPropertySignature' && member.key.type === 'Identifier' && member.key.name === tag;
          return isTag && member.typeAnnotation ? partsOf(member.typeAnnotation.typeAnnotation).flatMap(textsIn) : [];
        }),
  };
}

function filesIn(source: string): string[] {
  const folder = join(repositoryRoot, source);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(path) && !path.startsWith('testing'))
    .map((path) => join(folder, path));
}

function find<Declaration>(declarations: ReadonlyMap<string, Found<Declaration>>, name: string): Found<Declaration> {
  const found = declarations.get(name);
  if (found === undefined) throw new Error(`No package declares such a type: ${name}.`);
  return found;
}

function partsOf(type: Type): readonly Type[] {
  return type.type === 'TSUnionType' ? type.types : [type];
}

function textsIn(type: Type): readonly string[] {
  if (type.type !== 'TSLiteralType' || type.literal.type !== 'Literal') return [];
  return typeof type.literal.value === 'string' ? [type.literal.value] : [];
}

function exportedTypes(): string[] {
  const files = Object.entries(SOURCES).flatMap(([source, entries]) => entries.map((entry) => join(source, entry)));
  return files.flatMap((entry) => {
    const text = readFileSync(join(repositoryRoot, entry), 'utf8');
    return parseSync(entry, text).module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ exportName, isType }) => (isType && exportName.name !== null ? [exportName.name] : [])),
    );
  });
}

/** Reads `Default: "5m".` from the doc comment before a member. */
function defaultBefore(text: string, position: number): string | undefined {
  const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(text.slice(0, position))?.[0] ?? '';
  const words = comment.replaceAll(/^\s*\/?\*+\/?/gm, ' ').replaceAll(/\*\/|\s+/g, ' ');
  return /Default: (.+?)\.(?:\s|$)/.exec(words)?.[1];
}
