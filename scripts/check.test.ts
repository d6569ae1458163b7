import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSampleRepository, type SampleRepository } from './sample/sample-repository.ts';

let sample: SampleRepository;

beforeEach(() => {
  sample = createSampleRepository();
});
afterEach(() => {
  sample[Symbol.dispose]();
});

it('shows the output of a gate that fails and what to do, and of no other', async () => {
  sample.write('packages/core/src/loop/utils.ts', '');
  const { ok, output } = await sample.check('structure', 'size');
  expect(output).toMatch(/^✗ structure .+ s\n\n.+names a drawer.+\n\n→ .+\n\n✓ size .+ s\n\nstructure failed\.\n$/s);
  expect(output).not.toContain('kB');
  expect(ok).toBe(false);
});

it('prints one object for machines', async () => {
  const { ok, output } = await sample.run('check.ts', '--only', 'structure', '--json');
  expect(JSON.parse(output)).toEqual({
    ok: true,
    gates: [
      {
        name: 'structure',
        ok: true,
        seconds: expect.any(Number),
        output: expect.stringContaining('keep the structure'),
      },
    ],
  });
  expect(ok).toBe(true);
});

it('refuses a gate that does not exist and names those that do', async () => {
  const { ok, output } = await sample.check('speed');
  expect(output).toMatch(/^There is no gate "speed"\. The gates are: generated, types, lint, .+, gates\.\n$/);
  expect(ok).toBe(false);
});
