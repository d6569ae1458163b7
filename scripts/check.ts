import { parseArgs } from 'node:util';
import { gatesOf, type Gate } from './gates.ts';
import { runCommand } from './run-command.ts';
import { repositoryRoot } from './workspace.ts';

// Usage: pnpm check [--only <gate> ...] [--json]
const { root, only, json } = parseArgs({
  options: {
    root: { type: 'string', default: repositoryRoot },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
}).values;

const all = gatesOf(root);
const unknown = only?.find((name) => !all.some((gate) => gate.name === name));
if (unknown !== undefined) {
  console.error(`There is no gate "${unknown}". The gates are: ${all.map((gate) => gate.name).join(', ')}.`);
  process.exit(2);
}

const results = [];
for (const gate of all.filter(({ name }) => only?.includes(name) ?? true)) {
  if (!json && process.stdout.isTTY) process.stdout.write(`… ${gate.name}`);
  const result = await pass(gate);
  results.push(result);
  if (!json) print(gate, result);
}
const failed = results.filter((result) => !result.ok);
if (json) console.log(JSON.stringify({ ok: failed.length === 0, gates: results }, null, 2));
else if (failed.length > 0) console.log(`\n${failed.map(({ name }) => name).join(', ')} failed.`);
process.exitCode = failed.length === 0 ? 0 : 1;

interface GateResult {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}

async function pass({ name, commands }: Gate): Promise<GateResult> {
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 100) / 10;
  let output = '';
  for (const command of commands) {
    const result = await runCommand(command, root);
    output += result.output;
    if (!result.ok) return { name, ok: false, seconds: seconds(), output };
  }
  return { name, ok: true, seconds: seconds(), output };
}

function print({ name, promise, remedy }: Gate, { ok, seconds, output }: GateResult): void {
  const sameLine = process.stdout.isTTY ? '\r\u001B[K' : '';
  console.log(
    `${sameLine}${ok ? '✓' : '✗'} ${name.padEnd(10)} ${promise.padEnd(56)} ${seconds.toFixed(1).padStart(5)} s`,
  );
  if (!ok) console.log(`\n${output.trim()}\n\n→ ${remedy}\n`);
}
