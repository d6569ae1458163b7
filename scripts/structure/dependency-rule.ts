import type { WorkspacePackage } from '../workspace.ts';
import { dependencyRules } from './dependencies.ts';
import type { Violation } from './violation.ts';

const TABLE = 'scripts/structure/dependencies.ts';

/** Checks what a published package depends on against the table of dependencies. */
export function checkDependencies({ folder, manifest }: WorkspacePackage): Violation[] {
  const report = (problem: string, remedy: string): Violation => ({
    place: `${folder}/package.json`,
    rule: 'dependencies',
    problem,
    remedy,
  });
  const rule = dependencyRules[manifest.name];
  if (!rule) {
    return [report(`${manifest.name} is published and stands in no table.`, `Add it to ${TABLE}, or make it private.`)];
  }
  const { dependencies, peers, optionalPeers = [] } = rule;
  const has = Object.keys(manifest.dependencies ?? {});
  const hasPeers = Object.keys(manifest.peerDependencies ?? {});
  return [
    ...has
      .filter((name) => !dependencies.includes(name))
      .map((name) =>
        report(
          `${manifest.name} may not depend on ${name}.`,
          `Do without it, make it a peer or a dev dependency; the allowed ones stand in ${TABLE}.`,
        ),
      ),
    ...dependencies
      .filter((name) => !has.includes(name))
      .map((name) => report(`${manifest.name} must depend on ${name}.`, `Add it, or change ${TABLE}.`)),
    ...hasPeers
      .filter((name) => !peers.includes(name) && !optionalPeers.includes(name))
      .map((name) => report(`${name} may not be a peer of ${manifest.name}.`, `Remove it, or change ${TABLE}.`)),
    ...hasPeers
      .filter((name) => optionalPeers.includes(name) && !manifest.peerDependenciesMeta?.[name]?.optional)
      .map((name) => report(`the peer ${name} is not optional.`, 'Mark it in "peerDependenciesMeta".')),
  ];
}
