import { join } from 'node:path';
import { accountDiscrepancies, readmeOutput, runSampleProcess, startProvider } from '@keepstep/scenario-kit/testing';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');

interface Step {
  readonly tool: string;
  readonly answer: string;
}

describe('the research agent', () => {
  it('prints what its README shows', async () => {
    const { exitCode, stdout } = await runSampleProcess(folder);
    expect(stdout).toBe(readmeOutput(folder, 'pnpm --filter @keepstep/research-agent demo'));
    expect(exitCode).toBe(0);
  });

  it('searches once, is served twice from the cache, and is stopped at the fourth time', async () => {
    const { steps, loops, upstream } = JSON.parse((await runSampleProcess(folder, ['--json'])).stdout);
    const searches = steps.filter(({ tool }: Step) => tool === 'search_web').map(({ answer }: Step) => answer);
    expect(searches).toEqual(['miss', 'hit', 'hit', 'refused']);
    expect(upstream.web.requests).toEqual({ search: 1, 'fetch page': 3 });
    expect(loops).toMatchObject([
      {
        rule: 'repeats',
        tool: 'search_web',
        count: 4,
        limit: 3,
        message: 'Loop detected: search_web was called 4 times with the same arguments (limit 3)',
        hint: expect.stringContaining('work with what you have'),
      },
    ]);
  });

  it('reports what it has found until then', async () => {
    const { outcome } = JSON.parse((await runSampleProcess(folder, ['--json'])).stdout);
    expect(outcome.report).toMatch(/^3 pages say what to watch, none has a benchmark\.\n(- .+ \(https:.+\)\n?){3}$/);
  });

  it('gives an account that adds up', async () => {
    const { stdout } = await runSampleProcess(folder, ['--offline', '--json']);
    expect(accountDiscrepancies(JSON.parse(stdout))).toEqual([]);
  });

  it('works with a real provider over HTTP', async () => {
    await using provider = await startProvider(({ body: { messages, tool_choice: choice } }) => {
      const last = messages.at(-1);
      if (choice === 'none') return completion({ content: `I have ${messages.length} messages.` });
      if (last.role === 'tool') return completion({ content: 'Enough.' });
      const call = { name: 'search_web', arguments: '{"query":"async python caching"}' };
      return completion({ content: null, tool_calls: [{ id: 'call_x', type: 'function', function: call }] });
    });
    const environment = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: provider.url, AGENT_MODEL: 'openai:gpt-test' };
    const { stdout, stderr, exitCode } = await runSampleProcess(folder, ['--json'], environment);
    expect([stderr, exitCode]).toEqual(['', 0]);
    const { outcome, steps } = JSON.parse(stdout);
    expect(outcome.report).toBe('I have 4 messages.');
    expect(steps).toMatchObject([{ tool: 'search_web', answer: 'miss' }]);
    const asked = provider.requests.map(({ body }) => [body.messages.length, body.tool_choice]);
    expect(asked).toEqual([
      [2, 'none'],
      [2, 'auto'],
      [4, 'auto'],
      [4, 'none'],
    ]);
    expect(provider.requests.at(-1)?.body.messages[0].content).toContain('What was found:\nEnough.');
  });

  it('refuses an option that it does not know', async () => {
    const { exitCode, stderr } = await runSampleProcess(folder, ['--jsno']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe("research-agent: Unknown option '--jsno'. --help lists what there is.\n");
  });
});

function completion(message: object): { body: object } {
  return { body: { choices: [{ message }] } };
}
