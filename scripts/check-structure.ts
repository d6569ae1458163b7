import { parseArgs } from 'node:util';
import { checkDependencies } from './structure/dependency-rule.ts';
import { checkDocComments } from './structure/doc-comment-rule.ts';
import { checkFileName } from './structure/file-name-rule.ts';
import { checkLayers } from './structure/layer-rule.ts';
import { checkPackageBorder } from './structure/package-border-rule.ts';
import { checkReleases } from './structure/release-rule.ts';
import { readSourceFile, sourcePaths } from './structure/source-file.ts';
import { formatViolation } from './structure/violation.ts';
import { publicPackages, repositoryRoot, workspacePackages } from './workspace.ts';

// Usage: node scripts/check-structure.ts [--root <folder>]
const { root } = parseArgs({ options: { root: { type: 'string', default: repositoryRoot } } }).values;

const workspace = workspacePackages(root);
const published = publicPackages(root);
const sources = workspace.flatMap((home) =>
  sourcePaths(root, `${home.folder}/src`).map((path) => ({ home, file: readSourceFile(root, path) })),
);
const otherPaths = ['scripts', ...workspace.map(({ folder }) => `${folder}/test`)].flatMap((folder) =>
  sourcePaths(root, folder),
);

const violations = [
  ...sources.flatMap(({ file }) => checkLayers(file)),
  ...sources.flatMap(({ file, home }) => checkPackageBorder(file, home, workspace)),
  ...[...sources.map(({ file }) => file.path), ...otherPaths].flatMap(checkFileName),
  ...published.flatMap(checkDependencies),
  ...published.flatMap((home) => checkDocComments(root, home)),
  ...checkReleases(root, workspace),
];

for (const violation of violations) console.log(`${formatViolation(violation)}\n`);
console.log(
  violations.length === 0
    ? `${sources.length} files in ${workspace.length} packages keep the structure.`
    : `${violations.length} ${violations.length === 1 ? 'place breaks' : 'places break'} the structure.`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
