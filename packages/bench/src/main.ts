import { parseArgs } from 'node:util';

import { benches } from './benches.ts';
import { FULL, QUICK } from './measure/pace.ts';
import { originText, verdictText } from './report/report-text.ts';
import { tableText } from './report/table-text.ts';

// Usage: pnpm bench [<name>] [--quick] [--json]
const OPTIONS = { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } } as const;

const given = parse();
if (given !== undefined) await run(given);

async function run({ values: { json, quick }, positionals: names }: NonNullable<typeof given>): Promise<void> {
  const [name] = names;
  if (name === undefined) return console.log(`Usage: pnpm bench <name> [--quick] [--json]\n\n${listing()}`);
  if (names.length > 1) return fail(`One bench at a time: ${names.join(', ')} are ${names.length}.`);
  const bench = benches.find((each) => each.name === name);
  if (bench === undefined) return fail(`There is no bench "${name}". There are:\n\n${listing()}`);

  // Machines read standard output, so people's tables are left out for them.
  const report = await bench.run(quick ? QUICK : FULL, (table) => {
    if (!json) console.log(`\n${tableText(table)}`);
  });
  if (json) console.log(JSON.stringify(report, undefined, 2));
  else console.log(`\n${originText(report)}\n\n${report.verdicts.map(verdictText).join('\n')}`);
}

function parse() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    fail((error as Error).message);
    return undefined;
  }
}

function listing(): string {
  const width = Math.max(...benches.map((each) => each.name.length));
  return benches.map((each) => `  ${each.name.padEnd(width)}  ${each.summary}`).join('\n');
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 2;
}
