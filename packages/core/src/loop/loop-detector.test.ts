import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Clock } from '../clock.ts';
import type { LoopFinding } from '../errors.ts';
import { LoopDetector, type LoopDetectorContext } from './loop-detector.ts';
import {
  resolveLoopOptions,
  resolveToolLoopOptions,
  type LoopOptions,
  type ResolvedToolLoopOptions,
  type ToolLoopOptions,
} from './loop-policy.ts';
import { loopMessage } from './loop-verdict.ts';

function detect(options: LoopOptions = {}, context?: LoopDetectorContext): LoopDetector {
  return new LoopDetector(resolveLoopOptions(options), context);
}

function policyOf(options: ToolLoopOptions): ResolvedToolLoopOptions {
  return resolveToolLoopOptions(options) as ResolvedToolLoopOptions;
}

/** Makes calls one after the other, written as tool or tool:argument, and returns what each of them closes. */
function play(detector: LoopDetector, calls: readonly string[]): (LoopFinding | undefined)[] {
  return calls.map((identity) => {
    const call = detector.begin(identity.split(':')[0] as string, identity);
    const { finding } = call;
    detector.end(call);
    return finding;
  });
}

function rules(findings: readonly (LoopFinding | undefined)[]): string {
  return findings.map((finding) => finding?.rule ?? '-').join(' ');
}

const times = (count: number, call: string): string[] => Array<string>(count).fill(call);
const distinct = (count: number): string[] => Array.from({ length: count }, (_, i) => `get_item:${i}`);

describe('repeats', () => {
  test('are reported at the sixth identical call by default', () => {
    expect(rules(play(detect(), times(6, 'get_item')))).toBe('- - - - - repeats');
  });

  test('are reported at the fourth call when three are allowed, though the second and third are answered from the cache', () => {
    const findings = play(detect({ maxToolRepeats: 3 }), times(4, 'search_web:async'));
    expect(rules(findings)).toBe('- - - repeats');
    expect(findings[3]).toEqual({
      rule: 'repeats',
      tool: 'search_web',
      path: ['search_web'],
      period: 1,
      repeats: 4,
      count: 4,
      limit: 3,
      hint: 'Do not call search_web with these arguments again: work with what you have, or say what is missing.',
    });
    expect(loopMessage(findings[3]!)).toBe(
      'Loop detected: search_web was called 4 times with the same arguments (limit 3)',
    );
  });

  test('of a failing tool count: errors of the first three pass, the fourth attempt is reported before it runs', () => {
    const detector = detect({ maxToolRepeats: 3 });
    const charge = policyOf({});
    let executed = 0;
    const outcomes = Array.from({ length: 10 }, () => {
      const call = detector.begin('charge_payment', 'charge_payment:ORD-1', charge);
      const { finding } = call;
      if (finding === undefined) executed++;
      detector.end(call, finding === undefined ? 'PaymentError' : undefined, charge);
      return finding;
    });
    expect(rules(outcomes.slice(0, 4))).toBe('- - - repeats');
    expect(executed).toBe(3);
  });

  test('count in total, whatever is called in between', () => {
    const calls = distinct(5).flatMap((item) => ['search:a', item]);
    expect(rules(play(detect(), [...calls, 'search:a']))).toMatch(/^(- ){10}repeats$/);
  });

  test('are not seen in ten calls with other arguments', () => {
    expect(play(detect(), distinct(10)).every((finding) => finding === undefined)).toBe(true);
  });

  test('go on being reported: the call stays refused', () => {
    const detector = detect({ maxToolRepeats: 1 });
    const findings = play(detector, ['a', 'a', ...distinct(10), 'a']);
    expect(findings.at(-1)).toMatchObject({ rule: 'repeats', count: 3 });
  });

  test('are reported at the second call when one is allowed, and never when the limit is lifted', () => {
    expect(rules(play(detect({ maxToolRepeats: 1 }), ['a', 'a']))).toBe('- repeats');
    const free = detect({ maxToolRepeats: Infinity, maxExecutionDepth: Infinity });
    expect(play(free, times(1000, 'a')).every((finding) => finding === undefined)).toBe(true);
  });
});

describe('a cycle', () => {
  test('of check and update is reported at the fourth call, before the second decrement', () => {
    const calls = ['check_stock:SKU-42', 'update_stock:SKU-42', 'check_stock:SKU-42', 'update_stock:SKU-42'];
    const findings = play(detect({ maxToolRepeats: 100 }), calls);
    expect(rules(findings)).toBe('- - - cycle');
    expect(findings[3]).toMatchObject({
      tool: 'update_stock',
      path: ['check_stock', 'update_stock'],
      period: 2,
      repeats: 2,
      count: 4,
      limit: 3,
    });
    expect(loopMessage(findings[3]!)).toBe('Cycle detected: check_stock -> update_stock');
  });

  test.each([2, 3, 4, 5, 6, 7, 8])('of %i calls is reported when it closes for the second time', (period) => {
    const round = distinct(period);
    const findings = play(detect(), [...round, ...round]);
    expect(findings.findIndex((finding) => finding !== undefined)).toBe(2 * period - 1);
    expect(findings.at(-1)).toMatchObject({ rule: 'cycle', period, repeats: 2, path: times(period, 'get_item') });
  });

  test('of nine calls is not seen, its repeats are', () => {
    const findings = play(detect({ maxExecutionDepth: 100 }), Array.from({ length: 6 }, () => distinct(9)).flat());
    expect(findings.findIndex((finding) => finding !== undefined)).toBe(45);
    expect(findings[45]?.rule).toBe('repeats');
  });

  test('is told by the arguments too: the same tools on other items are no cycle', () => {
    expect(rules(play(detect(), ['check:1', 'update:1', 'check:2', 'update:2']))).toBe('- - - -');
  });

  test('counts its rounds and calls while it goes on', () => {
    const findings = play(detect(), ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b']);
    expect(findings.slice(3).map((finding) => [finding?.path.join(), finding?.repeats, finding?.count])).toEqual([
      ['a,b', 2, 4],
      ['b,a', 2, 5],
      ['a,b', 3, 6],
      ['b,a', 3, 7],
      ['a,b', 4, 8],
    ]);
  });

  test('is over when another call is made', () => {
    expect(rules(play(detect(), ['a', 'b', 'a', 'b', 'c', 'b']))).toBe('- - - cycle - -');
  });

  test('gives way to the rules before it', () => {
    expect(rules(play(detect({ maxToolRepeats: 1 }), ['a', 'b', 'a', 'b']))).toBe('- - repeats repeats');
    expect(rules(play(detect({ maxExecutionDepth: 3 }), ['a', 'b', 'a', 'b']))).toBe('- - - depth');
  });
});

describe('depth', () => {
  test('is reported at the 51st distinct call by default', () => {
    const findings = play(detect(), distinct(51));
    expect(findings.findIndex((finding) => finding !== undefined)).toBe(50);
    expect(findings[50]).toMatchObject({
      rule: 'depth',
      path: ['get_item'],
      period: 1,
      repeats: 1,
      count: 51,
      limit: 50,
    });
    expect(loopMessage(findings[50]!)).toBe('Loop detected: call 51 of this session, limit 50');
  });

  test('is reported at the 21st call when twenty are allowed', () => {
    const findings = play(detect({ maxExecutionDepth: 20 }), distinct(21));
    expect(findings.findIndex((finding) => finding !== undefined)).toBe(20);
  });

  test('counts calls that nothing identifies, which are otherwise like no other', () => {
    const detector = detect({ maxExecutionDepth: 20, maxToolRepeats: 1 });
    const findings = Array.from({ length: 21 }, () => detector.begin('ask', undefined).finding);
    expect(findings.slice(0, 20).every((finding) => finding === undefined)).toBe(true);
    expect(findings[20]).toMatchObject({ rule: 'depth', tool: 'ask', count: 21 });
  });

  test('counts the calls of children, whose repeats and cycles are their own', () => {
    const root = detect({ maxExecutionDepth: 6 });
    const child = detect({}, { parent: root });
    const grandchild = detect({}, { parent: child });
    expect(rules(play(root, ['a', 'b']))).toBe('- -');
    expect(rules(play(child, ['a', 'b']))).toBe('- -');
    expect(rules(play(grandchild, ['a', 'b', 'c']))).toBe('- - depth');
    expect(play(root, ['c'])[0]).toMatchObject({ rule: 'depth', count: 8, limit: 6 });
  });

  test('of a child may be limited below that of its parent', () => {
    const root = detect();
    const child = detect({ maxExecutionDepth: 2 }, { parent: root });
    play(root, distinct(10));
    expect(rules(play(child, distinct(3)))).toBe('- - depth');
    expect(rules(play(root, ['a']))).toBe('-');
  });
});

describe('identical calls side by side', () => {
  test('are one round, however many there are', () => {
    const detector = detect({ maxToolRepeats: 2, maxExecutionDepth: 3 });
    for (let round = 1; round <= 3; round++) {
      const calls = Array.from({ length: 64 }, () => detector.begin('get_cart', 'get_cart:1'));
      expect(calls.map((call) => call.joined)).toEqual([false, ...Array<boolean>(63).fill(true)]);
      expect(calls.every((call) => (call.finding !== undefined) === (round === 3))).toBe(true);
      for (const call of calls) detector.end(call);
    }
    expect(play(detector, ['other'])[0]).toMatchObject({ rule: 'depth', count: 4 });
  });

  test('share the finding of the first', () => {
    const detector = detect({ maxToolRepeats: 1 });
    play(detector, ['a']);
    const [first, second] = [detector.begin('a', 'a'), detector.begin('a', 'a')];
    expect(first.finding).toMatchObject({ rule: 'repeats', count: 2 });
    expect(second.finding).toBe(first.finding);
  });

  test('begin a new round when the first has ended, though one that joined it still runs', () => {
    const detector = detect({ maxToolRepeats: 2 });
    const first = detector.begin('a', 'a');
    const joined = detector.begin('a', 'a');
    detector.end(first);
    const second = detector.begin('a', 'a');
    expect(second.joined).toBe(false);
    detector.end(joined);
    expect(detector.begin('a', 'a').joined).toBe(true);
    detector.end(second);
    expect(detector.begin('a', 'a').finding).toMatchObject({ count: 3 });
  });

  test('are counted one by one when they differ', () => {
    const detector = detect();
    const calls = ['a', 'b', 'a', 'b'].map((tool) => detector.begin(tool, tool));
    for (const call of calls) detector.end(call);
    expect(rules(play(detector, ['a', 'b']))).toBe('- cycle');
  });

  test('stay apart from those of another session', () => {
    const root = detect();
    const child = detect({}, { parent: root });
    expect([root.begin('a', 'a').joined, child.begin('a', 'a').joined]).toEqual([false, false]);
  });

  test('do not change a verdict, in whatever order they end', () => {
    const rounds = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 })), {
      maxLength: 60,
      size: 'max',
    });
    fc.assert(
      fc.property(rounds, fc.boolean(), (calls, lastFirst) => {
        const alone = play(
          detect({ maxToolRepeats: 9 }),
          calls.map(([tool]) => tool),
        );
        const detector = detect({ maxToolRepeats: 9 });
        const together = calls.map(([tool, joining]) => {
          const first = detector.begin(tool, tool);
          const { finding } = first;
          const others = Array.from({ length: joining }, () => detector.begin(tool, tool));
          for (const call of lastFirst ? [...others, first] : [first, ...others]) detector.end(call);
          return finding;
        });
        expect(together).toEqual(alone);
      }),
    );
  });
});

describe('a poll', () => {
  const poll = policyOf({ poll: true });

  function ask(detector: LoopDetector, answers: readonly (string | undefined)[], policy = poll): string {
    const findings = answers.map((answer) => {
      const call = detector.begin('job_status', 'job_status:1', policy);
      const { finding } = call;
      detector.end(call, finding === undefined ? answer : undefined, policy);
      return finding;
    });
    return rules(findings);
  }

  test('may give the same answer twenty times, and is reported at the call after that', () => {
    const detector = detect();
    expect(ask(detector, times(20, 'running'))).not.toContain('repeats');
    const { finding } = detector.begin('job_status', 'job_status:1', poll);
    expect(finding).toMatchObject({ rule: 'repeats', path: ['job_status'], count: 21, limit: 20 });
    expect(finding?.hint).toMatch(/^Do not call job_status again so soon:/);
  });

  test('begins anew when the answer changes', () => {
    const answers = Array.from({ length: 45 }, (_, i) => `${Math.floor(i / 15)} done`);
    expect(ask(detect(), answers)).not.toContain('repeats');
  });

  test('stays refused when nothing comes back, as when the call was refused', () => {
    const detector = detect();
    ask(detector, times(20, 'running'));
    expect(ask(detector, times(3, 'ignored'))).toBe('repeats repeats repeats');
  });

  test('goes on counting over an answer that cannot be compared', () => {
    const detector = detect();
    ask(detector, [...times(10, 'running'), undefined, ...times(10, 'running')]);
    expect(ask(detector, ['running'])).toBe('repeats');
  });

  test('takes no part in cycles', () => {
    const detector = detect({ maxToolRepeats: 100 });
    for (let i = 0; i < 10; i++) {
      expect(ask(detector, [`${i}`])).toBe('-');
      expect(rules(play(detector, ['wait:30']))).toBe('-');
    }
  });

  test('does not hide a cycle of other calls', () => {
    const detector = detect();
    const findings = ['a', 'b', 'a', 'b'].map((tool, i) => {
      ask(detector, [`${i}`]);
      return play(detector, [tool])[0];
    });
    expect(rules(findings)).toBe('- - - cycle');
  });

  test('counts for depth', () => {
    expect(ask(detect({ maxExecutionDepth: 3 }), ['1', '2', '3', '4'])).toBe('- - - depth');
  });

  test('may be more patient or less', () => {
    expect(ask(detect(), times(4, 'running'), policyOf({ poll: { maxUnchanged: 3 } }))).toBe('- - - repeats');
    const endless = policyOf({ poll: { maxUnchanged: Infinity } });
    expect(ask(detect({ maxExecutionDepth: Infinity }), times(200, 'running'), endless)).not.toContain('repeats');
  });

  test('without the pause it asks for counts as repeats, until it pauses', () => {
    let now = 0;
    const clock: Clock = { now: () => now, after: () => () => {} };
    const detector = detect({ maxToolRepeats: 3 }, { clock });
    const patient = policyOf({ poll: { minIntervalMs: 1000 } });
    const askAfter = (pauses: number[]): string =>
      pauses
        .map((pause) => {
          now += pause;
          return ask(detector, ['running'], patient);
        })
        .join(' ');
    expect(askAfter([1000, 1000, 1000, 1000, 1000, 1000])).toBe('- - - - - -');
    expect(askAfter([999, 999, 999])).toBe('- - repeats');
    expect(askAfter([1000, 10, 10, 10])).toBe('- - - repeats');
  });

  test('of a child lives in the time of its parent', () => {
    let now = 0;
    const clock: Clock = { now: () => now, after: () => () => {} };
    const child = detect({ maxToolRepeats: 1 }, { parent: detect({}, { clock }) });
    const patient = policyOf({ poll: { minIntervalMs: 1000 } });
    expect(ask(child, ['running', 'running'], patient)).toBe('- repeats');
    now = 1000;
    expect(ask(child, ['running'], patient)).toBe('-');
  });

  test('counts one answer for identical polls side by side', () => {
    const detector = detect();
    for (let i = 0; i < 20; i++) {
      const calls = [
        detector.begin('job_status', 'job_status:1', poll),
        detector.begin('job_status', 'job_status:1', poll),
      ];
      for (const call of calls) detector.end(call, 'running', poll);
      expect(calls[0]?.finding).toBeUndefined();
    }
    expect(ask(detector, ['running'])).toBe('repeats');
  });
});

describe('an exempt tool', () => {
  const exempt = policyOf({ exempt: true });

  test('counts for depth alone', () => {
    const detector = detect({ maxExecutionDepth: 30 });
    const findings = times(31, 'note').map((tool) => {
      const call = detector.begin(tool, tool, exempt);
      const { finding } = call;
      detector.end(call, 'ok', exempt);
      return finding;
    });
    expect(rules(findings)).toMatch(/^(- ){30}depth$/);
  });

  test('is exempt though it is declared a poll too', () => {
    const both = policyOf({ exempt: true, poll: { maxUnchanged: 1 } });
    const detector = detect();
    for (let i = 0; i < 10; i++) {
      const call = detector.begin('note', 'note', both);
      expect(call.finding).toBeUndefined();
      detector.end(call, 'ok', both);
    }
  });

  test('does not hide a cycle of other calls', () => {
    const detector = detect();
    const findings = ['a', 'b', 'a', 'b'].map((tool) => {
      detector.end(detector.begin('note', 'note', exempt));
      return play(detector, [tool])[0];
    });
    expect(rules(findings)).toBe('- - - cycle');
    expect(findings[3]?.path).toEqual(['a', 'b']);
  });
});

describe('a detector', () => {
  test('forgets everything on reset', () => {
    const detector = detect({ maxExecutionDepth: 5, maxToolRepeats: 2 });
    const calls = ['a', 'b', 'a', 'b', 'a', 'c'];
    const findings = play(detector, calls);
    expect(rules(findings)).toBe('- - - cycle repeats depth');
    detector.reset();
    expect(play(detector, calls)).toEqual(findings);
  });

  test('takes no harm from calls that end after a reset', () => {
    const detector = detect();
    const before = detector.begin('a', 'a');
    detector.reset();
    const after = detector.begin('a', 'a');
    detector.end(before);
    expect(after.joined).toBe(false);
    expect(detector.begin('a', 'a').joined).toBe(true);
  });

  test('counts a call from zero again that 4,096 other calls have pushed out', () => {
    const detector = detect({ maxToolRepeats: 1, maxExecutionDepth: Infinity });
    play(detector, ['a', ...distinct(4095)]);
    expect(rules(play(detector, ['a']))).toBe('repeats');
    play(
      detector,
      Array.from({ length: 4096 }, (_, i) => `other:${i}`),
    );
    expect(rules(play(detector, ['a']))).toBe('-');
  });

  test('gives the verdicts of a naive one that keeps everything, on any sequence', () => {
    const sequences = fc
      .integer({ min: 2, max: 4 })
      .chain((size) =>
        fc.array(fc.constantFrom(...['a', 'b', 'c', 'd'].slice(0, size)), { maxLength: 200, size: 'max' }),
      );
    const limits = fc.record({
      maxToolRepeats: fc.constantFrom(1, 2, 5, 40, Infinity),
      maxExecutionDepth: fc.constantFrom(1, 20, 50, 150, Infinity),
    });
    fc.assert(
      fc.property(sequences, limits, (calls, options) => {
        const seen = play(detect(options), calls).map(
          (finding) => finding && [finding.rule, finding.count, finding.repeats, finding.path.join()],
        );
        expect(seen).toEqual(calls.map((_, i) => naiveVerdict(calls.slice(0, i + 1), options)));
      }),
    );
  });
});

type Limits = { maxToolRepeats: number; maxExecutionDepth: number };

function naiveVerdict(calls: readonly string[], limits: Limits): readonly [string, number, number, string] | undefined {
  const last = calls.at(-1) as string;
  if (calls.length > limits.maxExecutionDepth) return ['depth', calls.length, 1, last];
  const count = calls.filter((call) => call === last).length;
  if (count > limits.maxToolRepeats) return ['repeats', count, count, last];
  for (let period = 2; period <= 8; period++) {
    const path = calls.slice(-period);
    const breaks = calls.findLastIndex((call, i) => i < calls.length - period && call !== calls[i + period]);
    const run = calls.length - period - 1 - breaks;
    if (run >= period && new Set(path).size > 1) {
      return ['cycle', run + period, Math.floor(run / period) + 1, path.join()];
    }
  }
  return undefined;
}
