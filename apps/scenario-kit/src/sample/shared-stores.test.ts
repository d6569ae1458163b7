import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startValkey, type ValkeyServer } from '@keepstep/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { accountDiscrepancies } from '../testing/account-discrepancies.ts';
import { runSampleProcess } from '../testing/sample-process.ts';

const apps = join(import.meta.dirname, '../../..');
const samples = readdirSync(apps).filter((name) => name.endsWith('-agent'));
const place = mkdtempSync(join(tmpdir(), 'keepstep-samples-'));
let server: ValkeyServer;

beforeAll(async () => {
  server = await startValkey();
});

afterAll(async () => {
  await server?.stop();
  rmSync(place, { recursive: true, force: true });
});

const stores = [
  ['sqlite', (name: string) => `sqlite:${join(place, `${name}.db`)}`],
  ['valkey', () => server.url],
] as const;

async function run(sample: string, environment: Record<string, string>) {
  const { exitCode, stdout, stderr } = await runSampleProcess(join(apps, sample), ['--json'], environment);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe.each(stores)('on a store of %s', (kind, urlOf) => {
  it.each(samples)('the %s does what it does in memory', async (sample) => {
    const inMemory = await run(sample, {});
    const summary = await run(sample, { KEEPSTEP_STORE: urlOf(sample) });
    expect(summary.store).toBe(kind);
    expect(accountDiscrepancies(summary)).toEqual([]);
    expect(summary.totals).toMatchObject({ hits: inMemory.totals.hits, misses: inMemory.totals.misses, bypassed: 0 });
    expect(summary.upstream).toEqual(inMemory.upstream);
  });

  it('two processes of the research agent at once load each page once', async () => {
    const environment = { KEEPSTEP_STORE: urlOf('shared'), KEEPSTEP_NAMESPACE: 'shared' };
    const alone = await run('research-agent', {});
    const both = await Promise.all([run('research-agent', environment), run('research-agent', environment)]);
    // On a busy machine a call may run past the store; it asks the web, and is no reason for the other to ask again.
    const asked = both.map(({ upstream, totals }) => upstream.web.total - totals.bypassed);
    expect(asked.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(alone.upstream.web.total);
    const { upstream, totals } = await run('research-agent', environment);
    expect(upstream.web.total - totals.bypassed).toBe(0);
  });
});
