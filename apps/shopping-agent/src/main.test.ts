import { join } from 'node:path';
import { accountDiscrepancies, readmeOutput, runSampleProcess, startProvider } from '@keepstep/scenario-kit/testing';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');

describe('the shopping agent', () => {
  it('prints what its README shows', async () => {
    const { exitCode, stdout } = await runSampleProcess(folder);
    expect(stdout).toBe(readmeOutput(folder, 'pnpm --filter @keepstep/shopping-agent demo'));
    expect(exitCode).toBe(0);
  });

  it('sees the true total of its cart at every moment', async () => {
    const { stdout } = await runSampleProcess(folder, ['--', '--json']);
    const { outcome, steps } = JSON.parse(stdout);
    const [mouse, laptop] = [2990, 119_900];
    expect(outcome.cartTotalsCents).toEqual([mouse, mouse, mouse + laptop, 0]);
    expect(outcome.orders).toMatchObject([{ userId: 'user_1', totalCents: mouse + laptop }]);
    const cartReads = steps.filter(({ tool, session }: Step) => tool === 'get_cart' && session === 'user_1');
    expect(cartReads.map(({ why }: Step) => why)).toEqual([
      'first call, 90 ms upstream',
      '3.5 s old, saved 90 ms',
      'add_to_cart changed cart/user_1, 90 ms upstream',
      'checkout changed cart/user_1, 90 ms upstream',
    ]);
  });

  it('leaves the cart of another user cached', async () => {
    const { steps } = JSON.parse((await runSampleProcess(folder, ['--json'])).stdout);
    const reads = steps.filter(({ session }: Step) => session === 'user_2');
    expect(reads.map(({ tool, answer }: Step) => `${tool} ${answer}`)).toEqual(['get_cart miss', 'get_cart hit']);
  });

  it('speaks while it works, if it is asked to, and does the same', async () => {
    const { stdout, exitCode } = await runSampleProcess(folder, ['--answers', 'streamed']);
    const lines = stdout.split('\n');
    const spoken = [
      'What is in the cart already?',
      'Which laptops are there?',
      'I compare them.',
      'These two, once more.',
      'Is the cart still the same?',
      'Aerolite 13 it is.',
      'What is the total now?',
      'The total is right.',
      'The cart has to be empty now.',
    ].map((line) => `agent: ${line}`);
    expect(lines.filter((line) => spoken.includes(line))).toEqual(spoken);
    const others = lines.filter((line) => !spoken.includes(line));
    expect(others.join('\n')).toBe(readmeOutput(folder, 'pnpm --filter @keepstep/shopping-agent demo'));
    expect(exitCode).toBe(0);
  });

  it.each(['whole', 'streamed'])(
    'lets a real model shop, where the environment names one: answers %s',
    async (answers) => {
      const call = { id: 'call_a', type: 'function', function: { name: 'get_cart', arguments: '{"userId":"user_2"}' } };
      await using provider = await startProvider(({ body }) => {
        const isAnswered = body.messages.at(-1).role === 'tool';
        const message = isAnswered ? { content: `It is in ${body.model}.` } : { content: null, tool_calls: [call] };
        return { body: { choices: [{ message }] } };
      });
      const environment = { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: provider.url, AGENT_MODEL: 'openai:gpt-test' };
      const { stdout, exitCode } = await runSampleProcess(folder, ['--json', '--answers', answers], environment);
      const { model, conversations, steps } = JSON.parse(stdout);
      expect(exitCode).toBe(0);
      expect(model).toBe('openai:gpt-test');
      expect(conversations.map(({ answer }: { answer: string }) => answer)).toEqual(
        Array(3).fill('It is in gpt-test.'),
      );
      expect(steps.map(({ answer }: Step) => answer)).toEqual(['miss', 'hit', 'hit']);
      const names = provider.requests[0]?.body.tools.map((each: any) => each.function.name);
      expect(names).toEqual(['search_products', 'get_product', 'get_cart', 'add_to_cart', 'checkout']);
    },
  );

  it.each(['whole', 'streamed'])('says what a provider said that refuses: answers %s', async (answers) => {
    await using provider = await startProvider(() => ({ status: 401, body: { error: 'Incorrect API key' } }));
    const environment = { OPENAI_API_KEY: 'sk-wrong', OPENAI_BASE_URL: provider.url };
    const { stderr, exitCode } = await runSampleProcess(folder, ['--answers', answers], environment);
    // The SDK itself prints errors of a stream as well.
    const last = stderr.trimEnd().split('\n').at(-1);
    const said = `${provider.url}/chat/completions answered 401: {"error":"Incorrect API key"}`;
    expect(last).toBe(`shopping-agent: ${said}`);
    expect(exitCode).toBe(1);
  });

  it('gives an account that adds up', async () => {
    const { stdout } = await runSampleProcess(folder, ['--offline', '--json']);
    expect(accountDiscrepancies(JSON.parse(stdout))).toEqual([]);
  });

  it.each([
    [['--sesions', 'data'], "Unknown option '--sesions'. --help lists what there is."],
    [['--sessions', 'nowhere'], 'There is no retail-sessions.jsonl.gz in "nowhere".'],
    [['--sessions', 'data', '--seed', 'one'], '--seed takes a whole number, not "one".'],
    [['--answers', 'sung'], '--answers takes whole or streamed, not "sung".'],
    [['--seed', '2'], '--seed goes with --sessions.'],
  ])('refuses %j', async (argv, message) => {
    expect(await runSampleProcess(folder, argv)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `shopping-agent: ${message}\n`,
    });
  });

  it('says what can be asked of it', async () => {
    const { exitCode, stdout } = await runSampleProcess(folder, ['--help']);
    expect(stdout).toContain('--sessions <folder>');
    expect(exitCode).toBe(0);
  });
});

interface Step {
  readonly tool: string;
  readonly session: string;
  readonly answer: string;
  readonly why: string;
}
