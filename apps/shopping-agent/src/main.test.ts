import { join } from 'node:path';
import { accountDiscrepancies, readmeOutput, runSampleProcess } from '@keepstep/scenario-kit/testing';
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

  it('gives an account that adds up', async () => {
    const { stdout } = await runSampleProcess(folder, ['--offline', '--json']);
    expect(accountDiscrepancies(JSON.parse(stdout))).toEqual([]);
  });

  it.each([
    [['--sesions', 'data'], "Unknown option '--sesions'. --help lists what there is."],
    [['--sessions', 'nowhere'], 'There is no retail-sessions.jsonl.gz in "nowhere".'],
    [['--sessions', 'data', '--seed', 'one'], '--seed takes a whole number, not "one".'],
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
