import { join } from 'node:path';
import { accountDiscrepancies, readmeOutput } from '@keepstep/scenario-kit/testing';
import { beforeEach, describe, expect, it } from 'vitest';

import { lastingStore, startAgent, type Ended } from './agent-process.ts';

const folder = join(import.meta.dirname, '..');
const COMMAND = 'pnpm --filter @keepstep/research-agent start';
const SEARCH = 'search async python caching';
const PAGES = ['async-cache-keys', 'asyncio-stampede', 'lru-cache-coroutines'].map(
  (page) => `fetch https://dev.example/${page}`,
);
const ONCE = Object.fromEntries([...PAGES, SEARCH].map((what) => [what, 1]));
const NO_FIGURES = 'What do I have to watch when I cache async Python functions?';
/** Is as long as a call that died may hold up the next one, and some. */
const PATIENCE_MS = 60_000;

describe.each(['sqlite', 'valkey'] as const)('a thread of the research agent on %s', (kind) => {
  let store: string;
  const start = (...argv: readonly string[]): Promise<Ended> =>
    startAgent('src/main.ts', store, ['--thread', 'a', ...argv]);
  const told = async (...argv: readonly string[]): Promise<any> => {
    const { stdout, stderr, code } = await start('--json', ...argv);
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout);
  };

  beforeEach(async () => {
    store = await lastingStore(kind);
  });

  it.each(['plan', 'search', 'tools', 'analyze', 'respond'])(
    'goes on after it was killed in %s, and pays for no call twice',
    { timeout: PATIENCE_MS },
    async (step) => {
      const killed = await start('--crash-at', step);
      expect([killed.signal, killed.stdout]).toEqual([
        'SIGKILL',
        expect.stringContaining(`killed in the middle of ${step}`),
      ]);
      const { outcome, ...rest } = await told();
      expect(outcome.bill).toEqual(ONCE);
      expect(outcome.report).toMatch(/^3 pages say what to watch, none has a benchmark\.\n(- .+ \(https:.+\)\n?){3}$/);
      expect(accountDiscrepancies(rest)).toEqual([]);
      const again = await told();
      expect([again.outcome.report, again.outcome.bill, again.steps]).toEqual([outcome.report, ONCE, []]);
    },
  );

  it(
    'goes on after it was killed in every step in turn, and is stopped at its fourth search',
    { timeout: PATIENCE_MS },
    async () => {
      const said = [];
      for (const step of ['plan', 'search', 'tools', 'analyze', 'tools', 'tools', 'tools', 'respond']) {
        const { signal, stdout } = await start('--crash-at', step);
        expect(signal).toBe('SIGKILL');
        said.push(stdout);
      }
      const { outcome } = await told();
      expect(outcome.bill).toEqual(ONCE);
      // Those of a step that was killed are asked for once more, and are the same calls.
      const searches = said.join('').match(/search_web.+(?:miss|hit|refused)/g) ?? [];
      expect(searches.filter((line) => line.endsWith('refused')).length).toBe(1);
      expect(outcome.report).toContain('3 pages say what to watch');
    },
  );

  it('makes a call again that was under way, and no other', { timeout: PATIENCE_MS }, async () => {
    expect((await start('--crash-at', 'call')).signal).toBe('SIGKILL');
    expect((await told()).outcome.bill).toEqual({ ...ONCE, [SEARCH]: 2 });
  });

  it('waits for a person, in whichever process', { timeout: PATIENCE_MS }, async () => {
    const asked = await told('--review', 'ask');
    expect([asked.outcome.isWaiting, asked.outcome.report]).toEqual([true, undefined]);
    expect((await told()).outcome.isWaiting).toBe(true);
    const { outcome, steps } = await told('--review', 'approve');
    expect([outcome.isWaiting, outcome.bill, steps]).toEqual([false, ONCE, []]);
    expect(outcome.report).toContain('3 pages');
  });

  it('writes no report where that person says no', { timeout: PATIENCE_MS }, async () => {
    await start('--review', 'ask');
    const { stdout } = await start('--review', 'reject');
    expect(stdout).toContain('agent: no report: the reviewer said reject');
    expect((await told()).outcome.report).toBeUndefined();
  });

  it('goes back in time, and counts and pays from there', { timeout: PATIENCE_MS }, async () => {
    const first = await told();
    const again = await told('--fork-from', 'search');
    expect(again.steps.map(({ answer }: { answer: string }) => answer)).toEqual([...Array(6).fill('hit'), 'refused']);
    expect([again.outcome.report, again.outcome.bill]).toEqual([first.outcome.report, ONCE]);

    const other = await told('--fork-from', 'search', '--question', NO_FIGURES);
    expect(other.steps.map(({ answer }: { answer: string }) => answer)).toEqual(Array(4).fill('hit'));
    expect(other.outcome.report).toMatch(/^3 pages say what to watch\.\n/);
    expect([other.loops, other.outcome.bill]).toEqual([[], ONCE]);
  });

  it('prints what its README shows', { timeout: PATIENCE_MS }, async () => {
    const shown = (text: string): string =>
      text.replaceAll(/\d+(\.\d+)? (ms|s|min)\b/g, 'N').replaceAll(/ +(?=N)/g, ' ');
    for (const [argv, command] of [
      [['--crash-at', 'tools'], `${COMMAND} --thread a --crash-at tools`],
      [[], `${COMMAND} --thread a`],
      [
        ['--fork-from', 'search', '--question', NO_FIGURES],
        `${COMMAND} --thread a --fork-from search --question "${NO_FIGURES}"`,
      ],
    ] as const) {
      expect(shown((await start(...argv)).stdout)).toBe(shown(readmeOutput(folder, command)));
    }
  });
});

it.each([
  [
    '--crash-at dinner --thread a',
    '--crash-at takes one of plan, search, tools, analyze, respond, call, not "dinner".',
  ],
  ['--review maybe --thread a', '--review takes one of ask, approve, reject, not "maybe".'],
  ['--fork-from ask --thread a', '--fork-from takes one of plan, search, tools, analyze, respond, not "ask".'],
  ['--thread=', '--thread takes a text that is not empty.'],
  ['--crash-at plan', '--crash-at needs a --thread.'],
  ['--fork-from plan --thread a', 'The thread a is new: that cannot be done with it.'],
  ['--review approve --thread a', 'The thread a is new: that cannot be done with it.'],
  ['--store tape:1', 'KEEPSTEP_STORE: '],
])('refuses %s', async (line, message) => {
  const { code, stderr } = await startAgent('src/main.ts', undefined, line.split(' '));
  expect([code, stderr]).toEqual([2, expect.stringContaining(`research-agent: ${message}`)]);
});

it('refuses what cannot be done with a thread that has begun', { timeout: PATIENCE_MS }, async () => {
  const store = await lastingStore('sqlite');
  const start = (...argv: string[]): Promise<Ended> => startAgent('src/main.ts', store, ['--thread', 'a', ...argv]);
  await start('--crash-at', 'search');
  for (const argv of [
    ['--question', 'Why?'],
    ['--review', 'ask'],
    ['--review', 'approve'],
  ]) {
    expect((await start(...argv)).stderr).toBe(
      'research-agent: The thread a has begun: that cannot be done with it.\n',
    );
  }
  expect((await start('--fork-from', 'respond')).stderr).toBe('research-agent: The thread a never came to respond.\n');
});
