import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot, workspacePackages } from './workspace.ts';

// Usage: pnpm demo [shopping|support|research|inventory|orchestrator ...] [--json]
const ORDER = ['shopping-agent', 'support-agent', 'research-agent', 'inventory-agent', 'orchestrator-agent'];

const { values, positionals } = parseArgs({
  options: { root: { type: 'string', default: repositoryRoot }, json: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const agents = workspacePackages(values.root)
  .filter(({ folder, manifest }) => folder.startsWith('apps/') && manifest.scripts?.['demo'] !== undefined)
  .map(({ folder }) => folder.slice('apps/'.length))
  .toSorted((left, right) => rank(left) - rank(right));
const unknown = positionals.find((wanted) => !agents.some((agent) => isMeant(agent, wanted)));
if (unknown !== undefined || agents.length === 0) {
  console.error(
    agents.length === 0
      ? 'There is no sample agent under apps/.'
      : `There is no sample agent "${unknown}". There are: ${agents.join(', ')}.`,
  );
  process.exit(2);
}

const failed: string[] = [];
for (const agent of agents.filter(
  (name) => positionals.length === 0 || positionals.some((wanted) => isMeant(name, wanted)),
)) {
  // Machines read standard output, so a heading for people is left out.
  if (!values.json) console.log(`\n━━ ${agent} ${'━'.repeat(Math.max(0, 76 - agent.length))}\n`);
  if ((await run(agent)) !== 0) failed.push(agent);
}
if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function run(agent: string): Promise<unknown> {
  const child = spawn(process.execPath, ['--run', 'demo', '--', ...(values.json ? ['--json'] : [])], {
    cwd: join(values.root, 'apps', agent),
    stdio: 'inherit',
  });
  const [exitCode] = await once(child, 'close');
  return exitCode;
}

function rank(agent: string): number {
  const place = ORDER.indexOf(agent);
  return place === -1 ? ORDER.length : place;
}

function isMeant(agent: string, wanted: string): boolean {
  return agent === wanted || agent === `${wanted}-agent`;
}
