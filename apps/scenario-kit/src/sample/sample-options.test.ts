import { describe, expect, it } from 'vitest';

import { readSampleOptions, usage } from './sample-options.ts';

const sample = {
  name: 'shopping-agent',
  about: 'A shop assistant.',
  options: { sessions: { value: 'folder', about: 'replays recorded sessions instead' } },
} as const;

describe('readSampleOptions', () => {
  it('reads options and fills in the others', () => {
    expect(readSampleOptions(sample, ['--json', '--sessions', 'data'])).toEqual({
      json: true,
      offline: false,
      help: false,
      sessions: 'data',
    });
    expect(readSampleOptions(sample, [])).toEqual({ json: false, offline: false, help: false });
  });

  it('does not mind the dashes that pnpm hands on', () => {
    expect(readSampleOptions(sample, ['--', '--json']).json).toBe(true);
  });

  it.each([
    [['--jsno'], "Unknown option '--jsno'. --help lists what there is."],
    [['data'], "Unexpected argument 'data'. --help lists what there is."],
    [['--sessions'], "Option '--sessions <value>' argument missing. --help lists what there is."],
  ])('refuses %j', (argv, message) => {
    expect(() => readSampleOptions(sample, argv)).toThrow(message);
  });
});

describe('usage', () => {
  it('lists the options of the sample among the others', () => {
    expect(usage(sample)).toContain(`
  --json               prints one JSON document instead of text
  --offline            uses the script, whatever model the environment names
  --store <url>        chooses the store, such as sqlite:./research.db or valkey://localhost
  --sessions <folder>  replays recorded sessions instead
  --help               prints this
`);
  });
});
