import assert from 'node:assert/strict';

/** Is one thing that is to hold, as data. */
export interface ConformanceCase<Capability extends string, Context> {
  /** Says what holds: a sentence in the present tense, unique in the suite. */
  readonly name: string;
  readonly requires?: readonly Capability[];
  /** Rejects when it does not hold. */
  readonly run: (context: Context) => Promise<void>;
}

/** Gathers the cases of one concern. */
export interface ConformanceGroup<Case> {
  readonly concern: string;
  readonly cases: readonly Case[];
}

/** Says which case does not pass, and why that is right. */
export interface ConformanceSkip {
  readonly case: string;
  readonly reason: string;
}

/** Is one test of a suite, ready to run. */
export interface ConformanceTest {
  readonly concern: string;
  readonly name: string;
  run(): Promise<void>;
}

/** Is a suite for one subject. */
export interface ConformanceSuite<Case> {
  readonly name: string;
  readonly tests: readonly ConformanceTest[];
  /** Lists the cases that need what the subject cannot do. */
  readonly omitted: readonly Case[];
}

/** Says what a suite is about, and what its subject can do. */
export interface ConformanceSubject<Capability extends string> {
  readonly name: string;
  readonly capabilities?: readonly Capability[];
  readonly skip?: readonly ConformanceSkip[];
}

/**
 * Makes a suite of cases.
 *
 * A skip needs a reason and a case that exists; a case that is skipped although it passes fails.
 *
 * @param runCase gives a case what it works with, and tidies up
 * @param checkHarness rejects a harness that does not bring what its capabilities need
 */
export function conformanceSuite<
  Capability extends string,
  Case extends Pick<ConformanceCase<Capability, never>, 'name' | 'requires'>,
>(
  { name, capabilities = [], skip = [] }: ConformanceSubject<Capability>,
  groups: readonly ConformanceGroup<Case>[],
  runCase: (conformanceCase: Case) => Promise<void>,
  checkHarness: () => void,
): ConformanceSuite<Case> {
  const isPossible = ({ requires = [] }: Case): boolean => requires.every((needed) => capabilities.includes(needed));
  const cases = groups.flatMap((group) => group.cases);
  const check: ConformanceTest = {
    concern: 'the harness',
    name: 'skips only cases that exist, each with a reason, and brings what its capabilities need',
    async run() {
      const names = new Set(cases.filter(isPossible).map((each) => each.name));
      for (const skipped of skip) {
        assert.ok(names.has(skipped.case), `no such case to skip: ${skipped.case}`);
        assert.notEqual(skipped.reason.trim(), '', `skipped without a reason: ${skipped.case}`);
      }
      checkHarness();
    },
  };
  const tests = groups.flatMap(({ concern, cases: own }) =>
    own.filter(isPossible).map((each) => {
      const reason = skip.find((candidate) => candidate.case === each.name)?.reason;
      return testOf(concern, each.name, reason, () => runCase(each));
    }),
  );
  return { name, tests: [check, ...tests], omitted: cases.filter((each) => !isPossible(each)) };
}

function testOf(concern: string, name: string, reason: string | undefined, run: () => Promise<void>): ConformanceTest {
  if (reason === undefined) return { concern, name, run };
  return {
    concern,
    name: `${name} (skipped: ${reason})`,
    async run() {
      const failure = await run().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      assert.ok(failure !== undefined, `This case passes: remove the skip. ${name}`);
    },
  };
}
