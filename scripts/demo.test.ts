import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSampleRepository, type SampleRepository } from './sample/sample-repository.ts';

let sample: SampleRepository;

beforeEach(() => {
  sample = createSampleRepository();
});
afterEach(() => {
  sample[Symbol.dispose]();
});

/** Adds an agent that prints its name and arguments. */
function givenAgent(name: string, exitCode = 0): void {
  const manifest = { name: `@keepstep/${name}`, private: true, scripts: { demo: 'node src/main.js' } };
  sample.write(`apps/${name}/package.json`, JSON.stringify(manifest));
  sample.write(
    `apps/${name}/src/main.js`,
    `console.log(['${name}', ...process.argv.slice(2)].join(' '));\nprocess.exitCode = ${exitCode};\n`,
  );
}

it('runs the agents one after the other, the first sample first, with a heading each', async () => {
  for (const name of ['inventory-agent', 'new-agent', 'shopping-agent', 'support-agent']) givenAgent(name);
  const { ok, output } = await sample.run('demo.ts');
  expect(output.match(/^(━━ )?[a-z]+-agent/gm)).toEqual([
    '━━ shopping-agent',
    'shopping-agent',
    '━━ support-agent',
    'support-agent',
    '━━ inventory-agent',
    'inventory-agent',
    '━━ new-agent',
    'new-agent',
  ]);
  expect(ok).toBe(true);
});

it('runs one agent by its short name', async () => {
  givenAgent('shopping-agent');
  givenAgent('support-agent');
  const { output } = await sample.run('demo.ts', 'support');
  expect(output).toContain('support-agent');
  expect(output).not.toContain('shopping-agent');
});

it('leaves standard output to the agents for machines', async () => {
  givenAgent('shopping-agent');
  givenAgent('support-agent');
  expect(await sample.run('demo.ts', '--json')).toEqual({
    ok: true,
    output: 'shopping-agent --json\nsupport-agent --json\n',
  });
});

it('runs the others when one fails, and fails at the end', async () => {
  givenAgent('shopping-agent', 1);
  givenAgent('support-agent');
  const { ok, output } = await sample.run('demo.ts');
  expect(output).toMatch(/^support-agent$/m);
  expect(output).toMatch(/^Failed: shopping-agent\.$/m);
  expect(ok).toBe(false);
});

it('refuses an agent that does not exist and names those that do', async () => {
  givenAgent('shopping-agent');
  expect(await sample.run('demo.ts', 'shoping')).toEqual({
    ok: false,
    output: 'There is no sample agent "shoping". There are: shopping-agent.\n',
  });
});
