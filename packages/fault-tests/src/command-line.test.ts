import { describe, expect, it } from 'vitest';

import { controlTrials, faultTrials } from './campaign/trials.ts';
import { parseCommandLine } from './command-line.ts';

describe('parseCommandLine', () => {
  it('runs everything, caches that are wrong on purpose first, for a short time', () => {
    const { trials, seconds, seed, json } = parseCommandLine([], () => 77);
    expect(trials).toEqual([...controlTrials, ...faultTrials]);
    expect({ seconds, seed, json }).toEqual({ seconds: 1.5, seed: 77, json: false });
  });

  it('divides the minutes among the trials', () => {
    const { trials, seconds } = parseCommandLine(['--minutes', '10']);
    const long = trials.filter(({ expects }) => expects === 'fresh');
    expect(seconds * long.length).toBeCloseTo(600 / 1.15);
    expect(parseCommandLine(['--full']).seconds).toBeCloseTo(seconds * 3);
  });

  it('runs the faults that are named, with a seed that is given', () => {
    const { trials, seed } = parseCommandLine(['--fault', 'client-kill', '--fault', 'none', '--seed', '5', '--json']);
    expect(trials.map(({ fault }) => fault.name)).toEqual(['client-kill', 'none']);
    expect(trials.every(({ expects }) => expects === 'fresh')).toBe(true);
    expect(seed).toBe(5);
  });

  it.each([
    [['--fault', 'fire'], '--fault: there is no fault "fire".'],
    [['--minutes', 'ten'], '--minutes: "ten" is no number above 0.'],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous"],
    [['--quick'], "Unknown option '--quick'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(message);
  });
});
