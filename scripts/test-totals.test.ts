import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSampleRepository, type SampleRepository } from './sample/sample-repository.ts';
import { TEST_COUNT_FILE, type TestCount } from './test-count.ts';

let sample: SampleRepository;

beforeEach(() => {
  sample = createSampleRepository();
  sample.editJson('packages/core/package.json', ({ scripts }) => {
    scripts.test = 'vitest run';
  });
});
afterEach(() => {
  sample[Symbol.dispose]();
});

function givenCount(folder: string, passed: number, failed: number, skipped: number): void {
  const count: TestCount = { passed, failed, skipped };
  sample.write(`${folder}/${TEST_COUNT_FILE}`, JSON.stringify(count));
}

it('sums up all packages and the tests of the gates', async () => {
  givenCount('scripts', 64, 0, 0);
  givenCount('packages/core', 300, 0, 2);
  expect(await sample.run('test-totals.ts')).toEqual({ ok: true, output: '364 passed, 0 failed, 2 skipped\n' });
});

it('fails when a test has failed', async () => {
  givenCount('scripts', 64, 0, 0);
  givenCount('packages/core', 299, 1, 2);
  expect(await sample.run('test-totals.ts')).toEqual({ ok: false, output: '363 passed, 1 failed, 2 skipped\n' });
});

it('counts a package that left no count as one failure', async () => {
  givenCount('scripts', 64, 0, 0);
  const { ok, output } = await sample.run('test-totals.ts');
  expect(output).toContain('packages/core left no test-results/count.json');
  expect(output).toMatch(/^64 passed, 1 failed, 0 skipped$/m);
  expect(ok).toBe(false);
});
