import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspacePackage } from '../workspace.ts';
import type { Violation } from './violation.ts';

const CONFIG = '.changeset/config.json';

/** Checks that all published packages are released together, and that changesets name packages that exist. */
export function checkReleases(root: string, workspace: readonly WorkspacePackage[]): Violation[] {
  const published = workspace.filter(({ manifest }) => !manifest.private).map(({ manifest }) => manifest.name);
  return [...checkGroup(root, published), ...checkChangesets(root, published)];
}

function checkGroup(root: string, published: readonly string[]): Violation[] {
  const { fixed = [] } = JSON.parse(readFileSync(join(root, CONFIG), 'utf8')) as { fixed?: string[][] };
  const group = fixed[0] ?? [];
  return published
    .filter((name) => !group.some((pattern) => matches(name, pattern)))
    .map((name) => ({
      place: CONFIG,
      rule: 'releases',
      problem: `${name} is published and not in the fixed group.`,
      remedy: 'Add it to the first list of "fixed": all packages share one version.',
    }));
}

function checkChangesets(root: string, published: readonly string[]): Violation[] {
  const folder = join(root, '.changeset');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .flatMap((file) => {
      const frontMatter = readFileSync(join(folder, file), 'utf8').split('---')[1] ?? '';
      const named = [...frontMatter.matchAll(/^\s*['"]?([^'":]+)['"]?\s*:/gm)].map((match) => match[1] ?? '');
      return named
        .filter((name) => !published.includes(name))
        .map((name) => ({
          place: `.changeset/${file}`,
          rule: 'releases',
          problem: `${name} is no published package.`,
          remedy: `Name one of: ${published.join(', ')}.`,
        }));
    });
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
