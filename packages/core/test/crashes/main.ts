import { parseArgs } from 'node:util';

import { seededRandom } from '../../src/testing/index.ts';
import { crashSeries } from './crash-series.ts';
import { openCrashTarget, type CrashStore } from './crash-target.ts';

const USAGE = 'Usage: pnpm test:crashes [--times 500] [--store sqlite|valkey|valkey-server] [--seed 1]';

// Does so many runs on each store, each of them struck once to three times at random moments and gone on with until it is
// done, and checks that nothing is lost or done twice.
const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '500' },
    store: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const STORES: readonly CrashStore[] = ['sqlite', 'valkey', 'valkey-server'];
const stores = STORES.filter((store) => values.store === undefined || values.store === store);
const times = Number(values.times);
if (stores.length === 0 || !Number.isInteger(times) || times < 1) {
  console.error(USAGE);
  process.exit(2);
}

for (const store of stores) {
  await using target = await openCrashTarget(store);
  const startedAt = Date.now();
  let saidAt = 0;
  const report = await crashSeries(target, {
    times,
    random: seededRandom(Number(values.seed)),
    onRun({ struckRuns, workersKilled, serversKilled, violations }) {
      if (Date.now() - saidAt < 10_000) return;
      saidAt = Date.now();
      const kills = `${workersKilled} workers and ${serversKilled} servers killed`;
      console.log(`${store}: ${struckRuns} runs, ${kills}, ${violations.length} violations`);
    },
  });
  const { violations, ...counts } = report;
  console.log(
    JSON.stringify({ store, seed: Number(values.seed), seconds: (Date.now() - startedAt) / 1_000, ...counts }),
  );
  for (const violation of violations) console.log(violation);
  if (violations.length > 0) process.exitCode = 1;
  console.log(violations.length === 0 ? `${store}: nothing lost, nothing done twice.` : `${store}: violated.`);
}
