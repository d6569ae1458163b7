import { parseArgs } from 'node:util';

import { seededRandom } from '../../src/testing/index.ts';
import { crashSeries } from './crash-series.ts';
import { openCrashTarget, type CrashStore } from './crash-target.ts';

// Usage: pnpm test:crashes [--times 500] [--store sqlite|valkey] [--seed 1]
// Kills an agent at random moments of its run until it was killed that often, and checks that nothing is lost or done twice.
const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '500' },
    store: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const STORES: readonly CrashStore[] = ['sqlite', 'valkey'];
const stores = STORES.filter((store) => values.store === undefined || values.store === store);
const times = Number(values.times);
if (stores.length === 0 || !Number.isInteger(times) || times < 1) {
  console.error('Usage: pnpm test:crashes [--times 500] [--store sqlite|valkey] [--seed 1]');
  process.exit(2);
}

for (const store of stores) {
  await using target = await openCrashTarget(store);
  const startedAt = Date.now();
  let saidAt = 0;
  const report = await crashSeries(target, {
    times,
    random: seededRandom(Number(values.seed)),
    onRun({ runs, workersKilled, serversKilled, violations }) {
      if (Date.now() - saidAt < 10_000) return;
      saidAt = Date.now();
      console.log(`${store}: ${workersKilled + serversKilled} crashes, ${runs} runs, ${violations.length} violations`);
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
