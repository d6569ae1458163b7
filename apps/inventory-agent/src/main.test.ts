import { join } from 'node:path';
import { accountDiscrepancies, readmeOutput, runSampleProcess, startProvider } from '@keepstep/scenario-kit/testing';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');

describe('the inventory agent', () => {
  it('prints what its README shows', async () => {
    const { exitCode, stdout } = await runSampleProcess(folder);
    expect(stdout).toBe(readmeOutput(folder, 'pnpm --filter @keepstep/inventory-agent demo'));
    expect(exitCode).toBe(0);
  });

  it('is stopped before it takes from the stock a second time', async () => {
    const { exitCode, stdout } = await runSampleProcess(folder, ['--json']);
    const document = JSON.parse(stdout);
    expect(document.steps.map(({ tool, answer }: { tool: string; answer: string }) => `${tool} ${answer}`)).toEqual([
      'check_stock miss',
      'update_stock write',
      'check_stock miss',
      'update_stock refused',
    ]);
    expect(document.outcome).toEqual({
      before: 12,
      after: 11,
      movements: [{ sku: 'SKU-42', warehouse: 'Leipzig', delta: -1 }],
      stoppedBy: 'Cycle detected: check_stock -> update_stock',
    });
    expect(document.upstream.inventory.requests).toEqual({ 'get stock': 2, 'adjust stock': 1 });
    expect(exitCode).toBe(0);
  });

  it('gives an account that adds up', async () => {
    const { stdout } = await runSampleProcess(folder, ['--offline', '--json']);
    expect(accountDiscrepancies(JSON.parse(stdout))).toEqual([]);
  });

  it('refuses an option that it does not know', async () => {
    const { exitCode, stdout, stderr } = await runSampleProcess(folder, ['--jsno']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe("inventory-agent: Unknown option '--jsno'. --help lists what there is.\n");
  });

  it('works with a real model, over HTTP and in real time', async () => {
    // Unlike the script, this model knows what it has done.
    await using provider = await startProvider(({ body }) => {
      const results = body.messages.filter(({ role }: { role: string }) => role === 'tool');
      const plan = [call('check_stock', { sku: 'SKU-42' }), call('update_stock', { sku: 'SKU-42', delta: -1 })];
      const message = plan[results.length] ?? { content: 'SKU-42 is out of the stock.' };
      return { body: { choices: [{ message }] } };
    });
    const { exitCode, stdout } = await runSampleProcess(folder, [], {
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: `${provider.url}/v1`,
      AGENT_MODEL: 'openai:gpt-test',
    });
    expect(stdout).toContain('model: openai:gpt-test (--offline uses the script)\n');
    expect(stdout).toContain('agent: SKU-42 is out of the stock.\n');
    expect(stdout).toContain('Stock of SKU-42: 12 before, 11 after. It was changed once.\n');
    expect(stdout).toMatch(/loops stopped +0\n/);
    expect(provider.requests).toHaveLength(3);
    expect(exitCode).toBe(0);
  });

  it('says in one line what a provider refuses', async () => {
    await using provider = await startProvider(() => ({ status: 401, body: { error: 'Incorrect API key' } }));
    const { exitCode, stderr } = await runSampleProcess(folder, [], {
      OPENAI_API_KEY: 'sk-wrong',
      OPENAI_BASE_URL: provider.url,
    });
    expect(stderr).toBe(
      `inventory-agent: ${provider.url}/chat/completions answered 401: {"error":"Incorrect API key"}\n`,
    );
    expect(exitCode).toBe(1);
  });

  it.each<[string, Record<string, string>]>([
    ['AGENT_MODEL names "gpt-test".', { AGENT_MODEL: 'gpt-test' }],
    ['KEEPSTEP_STORE: Invalid argument "url": received "paper:drawer"', { KEEPSTEP_STORE: 'paper:drawer' }],
  ])('refuses an environment that it cannot work in: %s', async (message, environment) => {
    const { exitCode, stderr } = await runSampleProcess(folder, [], environment);
    expect(stderr).toContain(`inventory-agent: ${message}`);
    expect(exitCode).toBe(2);
  });

  it('shows that nothing is cached when caching is turned off', async () => {
    const { stdout } = await runSampleProcess(folder, ['--json'], { KEEPSTEP_DISABLED: '1' });
    const document = JSON.parse(stdout);
    expect(document.steps[0]).toMatchObject({ answer: 'bypass', why: 'not cached: disabled, 80 ms upstream' });
    expect(accountDiscrepancies(document)).toEqual([]);
  });
});

function call(name: string, input: object): object {
  return {
    content: null,
    tool_calls: [{ id: `call_${name}`, type: 'function', function: { name, arguments: JSON.stringify(input) } }],
  };
}
