import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand, type CommandResult } from '../run-command.ts';
import { repositoryRoot } from '../workspace.ts';
import { sampleFiles } from './sample-files.ts';

/** Are the files that configure the gates: the sample uses those of the repository itself. */
const CONFIGURATION = [
  '.changeset/config.json',
  '.oxfmtrc.json',
  '.oxlintrc.json',
  'knip.json',
  'packages/core/tsconfig.build.json',
  'packages/core/tsconfig.json',
  'scripts/tsconfig.json',
  'tsconfig.base.json',
  'turbo.json',
];

/** Is a small repository that passes every gate until a violation is seeded. */
export interface SampleRepository extends Disposable {
  /** Is the folder it lives in. */
  readonly root: string;
  /** Writes a file; `path` is from the root of the sample. */
  write(path: string, text: string): void;
  /** Adds text to the end of a file. */
  append(path: string, text: string): void;
  /** Changes a JSON file in place. */
  editJson(path: string, edit: (content: Record<string, any>) => void): void;
  /** Runs one gate over the sample, as `pnpm check --only <gate>` does over the repository. */
  check(...args: readonly string[]): Promise<CommandResult>;
  /** Runs a script of the repository over the sample. */
  run(script: string, ...args: readonly string[]): Promise<CommandResult>;
}

/** Creates a sample in a folder of its own; disposing it removes the folder. */
export function createSampleRepository(): SampleRepository {
  const root = mkdtempSync(join(tmpdir(), 'keepstep-sample-'));
  const write: SampleRepository['write'] = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const editJson: SampleRepository['editJson'] = (path, edit) => {
    const content = JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;
    edit(content);
    write(path, `${JSON.stringify(content, null, 2)}\n`);
  };
  const append: SampleRepository['append'] = (path, text) => write(path, readFileSync(join(root, path), 'utf8') + text);
  const run: SampleRepository['run'] = (script, ...args) =>
    runCommand(['node', join(repositoryRoot, 'scripts', script), '--root', root, ...args], root);

  for (const path of CONFIGURATION) cpSync(join(repositoryRoot, path), join(root, path));
  for (const [path, text] of Object.entries(sampleFiles)) write(path, text);
  // The tools and dependencies are those installed in the repository.
  for (const path of ['node_modules', 'packages/core/node_modules']) {
    symlinkSync(join(repositoryRoot, path), join(root, path));
  }

  return {
    root,
    write,
    append,
    editJson,
    run,
    check: (...args) => run('check.ts', ...args.flatMap((gate) => ['--only', gate])),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
