import { join } from 'node:path';
import { repositoryRoot } from './workspace.ts';

/** Is one thing that a machine can decide about the repository. */
export interface Gate {
  readonly name: string;
  /** Says what holds when the gate is passed. */
  readonly promise: string;
  /** Are its commands, run one after the other in the checked folder until one fails. */
  readonly commands: readonly (readonly string[])[];
  /** Says what a developer does when it fails. */
  readonly remedy: string;
}

const script = (name: string): string => join(repositoryRoot, 'scripts', name);

/** Lists all gates, in the order they run, for the repository or a copy of it at `root`. */
export function gatesOf(root: string): readonly Gate[] {
  return [
    {
      name: 'generated',
      promise: 'every generated file is what its source says',
      commands: [['node', script('generate.ts'), '--check', '--root', root]],
      remedy: 'Run "pnpm generate", and change the sources, never what is generated from them.',
    },
    {
      name: 'types',
      promise: 'every package and script type-checks',
      commands: [
        ['turbo', 'run', 'typecheck', '--output-logs=errors-only'],
        ['tsc', '-p', 'scripts'],
      ],
      remedy: 'Correct the types, then run "pnpm typecheck".',
    },
    {
      name: 'lint',
      promise: 'no promise floats, no import goes in a circle',
      commands: [['oxlint']],
      remedy: 'Run "pnpm fix" for what can be corrected by machine, then "pnpm lint".',
    },
    {
      name: 'format',
      promise: 'every file is formatted',
      commands: [['oxfmt', '--check']],
      remedy: 'Run "pnpm fix".',
    },
    {
      name: 'structure',
      promise: 'imports point down, public names are documented',
      commands: [['node', script('check-structure.ts'), '--root', root]],
      remedy: 'Each place above says what to do; the tables are in scripts/structure.',
    },
    {
      name: 'unused',
      promise: 'no file, export or dependency is unused',
      commands: [['knip']],
      remedy: 'Remove what is listed, or stop exporting it.',
    },
    {
      name: 'versions',
      promise: 'every dependency has one version',
      commands: [['sherif', '--fail-on-warnings', '--ignore-rule', 'non-existant-packages']],
      remedy: 'Name the version in the catalog of pnpm-workspace.yaml and write "catalog:" everywhere.',
    },
    {
      name: 'packages',
      promise: 'every package can be imported as it is published',
      commands: [
        ['turbo', 'run', 'build', '--output-logs=errors-only'],
        ['node', script('check-packages.ts'), '--root', root],
      ],
      remedy: 'Correct "exports" and "publishConfig.exports" of the package.',
    },
    {
      name: 'size',
      promise: 'the core and its adapters stay small',
      commands: [['node', script('check-size.ts'), '--root', root]],
      remedy: 'Import less, or move what few users need behind an entry of its own.',
    },
    {
      name: 'gates',
      promise: 'every gate above fails when it should',
      commands: [['vitest', 'run', '--root', join(root, 'scripts')]],
      remedy: 'Run "pnpm check:gates".',
    },
  ];
}
