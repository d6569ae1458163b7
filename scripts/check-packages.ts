import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand, type CommandResult } from './run-command.ts';
import { publicPackages, repositoryRoot, type WorkspacePackage } from './workspace.ts';

// Usage: node scripts/check-packages.ts [--root <folder>]
// Packs every published package, built before, and checks the archive as its users will get it.
const { root } = parseArgs({ options: { root: { type: 'string', default: repositoryRoot } } }).values;
/** Is the pnpm that runs this script, which need not be on PATH. */
const pnpm = process.env['npm_execpath']?.includes('pnpm') ? process.env['npm_execpath'] : 'pnpm';

async function checkPackage({ folder, manifest: { name } }: WorkspacePackage): Promise<boolean> {
  const scratch = mkdtempSync(join(tmpdir(), 'keepstep-pack-'));
  try {
    const packed = await runCommand([pnpm, 'pack', '--pack-destination', scratch], join(root, folder));
    if (!packed.ok) return report(name, 'cannot be packed', 'Build it first: pnpm build.', packed);
    const archive = join(scratch, readdirSync(scratch).find((file) => file.endsWith('.tgz')) ?? '');
    const publint = await runCommand(['publint', archive, '--strict'], scratch);
    if (!publint.ok)
      return report(name, 'breaks a rule of publint', 'Correct its package.json as it says below.', publint);
    const attw = await runCommand(['attw', archive, '--profile', 'esm-only', '--no-emoji'], scratch);
    if (!attw.ok) return report(name, 'has types that users cannot resolve', 'Correct "exports" and the build.', attw);
    console.log(`${name} packs well: publint and attw find nothing.`);
    return true;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function report(name: string, problem: string, remedy: string, { output }: CommandResult): false {
  console.log(`${name} ${problem}. ${remedy}\n\n${output.trim()}\n`);
  return false;
}

for (const published of publicPackages(root)) {
  if (!(await checkPackage(published))) process.exitCode = 1;
}
