import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readmeOutput } from '@keepstep/scenario-kit/testing';
import { beforeEach, describe, expect, it } from 'vitest';

import { lastingStore, startAgent, type Ended } from '../agent-process.ts';

const folder = join(import.meta.dirname, '../..');
const COMMAND = 'pnpm --filter @keepstep/research-agent resumable';

const start = (store: string | undefined, ...argv: readonly string[]): Promise<Ended> =>
  startAgent('src/resumable/main.ts', store, argv);

function paidFor({ stdout }: Ended): string[] {
  return [...stdout.matchAll(/^ {2}paid: (.+)$/gm)].map(([, call = '']) => call);
}

describe.each(['sqlite', 'valkey'] as const)('the resumable research agent on %s', (name) => {
  let store: string;

  beforeEach(async () => {
    store = await lastingStore(name);
  });

  it.each(['search', 'analyze', 'respond'])(
    'goes on after it was killed in %s, and pays for nothing twice',
    async (step) => {
      const first = await start(store, '--crash-at', step);
      expect([first.signal, first.stdout]).toEqual([
        'SIGKILL',
        expect.stringContaining(`killed in the middle of ${step}`),
      ]);
      const second = await start(store);
      expect([second.code, second.stderr]).toEqual([0, '']);
      const paid = [...paidFor(first), ...paidFor(second)];
      expect([paid.length, new Set(paid).size]).toEqual([4, 4]);
      const calls = Number(/has paid for: (\d+)/.exec(second.stdout)?.[1]);
      expect(calls).toBe(paidFor(second).length);

      const third = await start(store);
      expect(third.stdout).toContain('completed');
      expect(paidFor(third)).toEqual([]);
      const answer = (text: string) => text.slice(text.indexOf('What 3 pages say'));
      expect(answer(third.stdout)).toBe(answer(second.stdout));
    },
  );

  it('prints what its README shows', async () => {
    const killed = await start(store, '--crash-at', 'analyze');
    const resumed = await start(store);
    const asShown = (text: string) => text.replace(/^store: .*$/m, 'store: sqlite');
    expect(asShown(killed.stdout)).toBe(readmeOutput(folder, `${COMMAND} --crash-at analyze`));
    expect(asShown(resumed.stdout)).toBe(readmeOutput(folder, COMMAND));
  });
});

it('says that nothing survives in memory', async () => {
  const { stdout, code } = await start(undefined);
  expect(stdout).toMatch(/^store: memory, in which nothing survives the process/);
  expect(code).toBe(0);
});

it.each([
  ['--crash-at', 'dinner', '--crash-at takes search, analyze or respond, not "dinner".'],
  ['--run', '', '--run takes a name that is not empty.'],
  ['--crsh', 'x', "Unknown option '--crsh'. --help lists what there is."],
])('refuses %s %s', async (option, value, message) => {
  const { code, stderr } = await start(undefined, option, value);
  expect([code, stderr]).toEqual([2, `research-agent: ${message}\n`]);
});

it('names in its README the store that survives', () => {
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('export KEEPSTEP_STORE=sqlite:./research.db');
});
