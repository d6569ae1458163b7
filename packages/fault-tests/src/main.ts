import { runCampaign } from './campaign/run-campaign.ts';
import type { TrialResult } from './campaign/trial.ts';
import { parseCommandLine, USAGE, type FaultCommand } from './command-line.ts';
import { resultLines, tableHead } from './report/result-lines.ts';
import { summaryOf, summaryText } from './report/summary.ts';

const command = parse();
if (command !== undefined) await run(command);

async function run({ trials, json, ...options }: FaultCommand): Promise<void> {
  const results: TrialResult[] = [];
  if (!json)
    console.log(`Seed ${options.seed}, ${trials.length} trials of ${options.seconds.toFixed(1)} s\n\n${tableHead}`);
  for await (const result of runCampaign(trials, options)) {
    results.push(result);
    if (!json) console.log(resultLines(result).join('\n'));
  }
  const summary = summaryOf(results);
  if (json) console.log(JSON.stringify({ seed: options.seed, summary, results }, undefined, 2));
  else console.log(`\n${summaryText(summary)}`);
  if (!summary.isPassed) process.exitCode = 1;
}

function parse(): FaultCommand | undefined {
  try {
    return parseCommandLine(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
    return undefined;
  }
}
