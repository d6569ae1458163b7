import type { LoopFinding } from '../errors.ts';
import { checkCount, checkFunction, checkOptionNames, checkOneOf, checkOption } from '../option-checks.ts';

/**
 * Says what happens to a call that closes a loop.
 *
 * - `raise`: it is refused with an `AgentLoopDetectedError`.
 * - `warn`: it runs, and listeners are told: at once, and again whenever the loop has doubled.
 * - `short_circuit`: it does not run; the caller gets the cached value, or `null` where there is none.
 */
export type LoopAction = 'raise' | 'warn' | 'short_circuit';

/** Is the answer of an `onLoop` function: an action, or `allow` to run the call as if nothing had been found. */
export type LoopDecision = LoopAction | 'allow';

/** Sets how a session looks for loops. */
export interface LoopOptions {
  /** Turns loop detection on or off; off means that nothing is counted. Default: true. */
  readonly loopDetection?: boolean;
  /** Chooses the set of rules: `strict` looks at the calls alone, whatever they return. Default: `strict`. */
  readonly preset?: 'strict';
  /** Is how often a tool may be called with the same arguments; cache hits count. Default: 5. `Infinity` lifts the limit. */
  readonly maxToolRepeats?: number;
  /** Is how many calls the session and its children may make together. Default: 50. `Infinity` lifts the limit. */
  readonly maxExecutionDepth?: number;
  /** Is how many levels deep sub-agents may delegate. Default: 10. 0 forbids it, `Infinity` lifts the limit. */
  readonly maxNesting?: number;
  /**
   * Says what happens to a call that closes a loop. Default: `raise`.
   *
   * A function decides case by case. It must answer at once: anything but one of the four decisions, a promise
   * included, means `raise`, so that a mistake in it never lets a loop run on. What it throws reaches the caller of the
   * tool.
   */
  readonly onLoop?: LoopAction | ((finding: LoopFinding) => LoopDecision);
}

/** Is `LoopOptions` with every default filled in. Spread it under a child's own options to hand it down. */
export interface ResolvedLoopOptions {
  readonly loopDetection: boolean;
  readonly preset: 'strict';
  readonly maxToolRepeats: number;
  readonly maxExecutionDepth: number;
  readonly maxNesting: number;
  readonly onLoop: (finding: LoopFinding) => LoopDecision;
}

/** Sets what loop detection makes of one tool. */
export interface ToolLoopOptions<Args extends readonly unknown[] = readonly never[], Result = never> {
  /** Names properties of the first argument that do not tell two calls apart, for example a free text `reason`. */
  readonly ignore?: readonly string[];
  /** Returns what identifies the call, in place of all arguments and of `ignore`. */
  readonly key?: (...args: Args) => unknown;
  /** Returns the part of a result that shows progress, without timestamps and message ids. Default: the whole result. */
  readonly resultKey?: (result: Result) => unknown;
  /**
   * Declares a tool that is meant to be asked again until its answer changes. It takes no part in repeats and cycles;
   * what counts is how often in a row it gave the same answer to the same arguments. `true` takes the defaults.
   */
  readonly poll?: true | PollOptions;
  /** Takes the tool out of every rule but the number of calls. It wins over `poll`. */
  readonly exempt?: true;
}

/** Sets how patient loop detection is with a poll. */
export interface PollOptions {
  /** Is how many equal answers in a row are allowed. Default: 20. `Infinity` lifts the limit. */
  readonly maxUnchanged?: number;
  /**
   * Is the pause between two equal answers, in milliseconds, below which the second counts as an ordinary repeat
   * against `maxToolRepeats`. Default: 0, any pace is fine.
   */
  readonly minIntervalMs?: number;
}

/** Is `ToolLoopOptions` with every default filled in. */
export interface ResolvedToolLoopOptions {
  readonly ignore: readonly string[];
  readonly key: ((...args: readonly unknown[]) => unknown) | undefined;
  readonly resultKey: ((result: unknown) => unknown) | undefined;
  readonly poll: Required<PollOptions> | undefined;
  readonly exempt: boolean;
}

const ACTIONS: ReadonlySet<unknown> = new Set(['raise', 'warn', 'short_circuit']);

/**
 * Checks the loop options of a session and fills in the defaults.
 *
 * @throws InvalidOptionError for a value that is not allowed
 */
export function resolveLoopOptions(options: LoopOptions = {}): ResolvedLoopOptions {
  const {
    loopDetection = true,
    preset = 'strict',
    maxToolRepeats = 5,
    maxExecutionDepth = 50,
    maxNesting = 10,
    onLoop = 'raise',
  } = options;
  checkCount(maxToolRepeats, 'maxToolRepeats', 1);
  checkCount(maxExecutionDepth, 'maxExecutionDepth', 1);
  checkCount(maxNesting, 'maxNesting', 0);
  checkOneOf(loopDetection, 'loopDetection', [true, false]);
  checkOption(preset === 'strict', 'preset', preset, '"strict", the only preset today');
  checkOption(
    typeof onLoop === 'function' || ACTIONS.has(onLoop),
    'onLoop',
    onLoop,
    '"raise", "warn", "short_circuit" or a function',
  );
  return {
    loopDetection,
    preset,
    maxToolRepeats,
    maxExecutionDepth,
    maxNesting,
    onLoop: typeof onLoop === 'function' ? (finding) => decision(onLoop(finding)) : () => onLoop,
  };
}

/**
 * Checks the loop options of a tool and fills in the defaults; a tool without any has none, and `false` stays `false`.
 *
 * @param option names the options in errors, by their path
 * @throws InvalidOptionError for a value that is not allowed
 */
export function resolveToolLoopOptions(
  options: ToolLoopOptions | undefined,
  option?: string,
): ResolvedToolLoopOptions | undefined;
export function resolveToolLoopOptions(
  options: ToolLoopOptions | false | undefined,
  option?: string,
): ResolvedToolLoopOptions | false | undefined;
export function resolveToolLoopOptions(
  options: ToolLoopOptions | false | undefined,
  option: string = 'loop',
): ResolvedToolLoopOptions | false | undefined {
  if (options === undefined || options === false) return options;
  checkOption(isObject(options), option, options, 'an object, or false');
  checkOptionNames(options, ['ignore', 'key', 'resultKey', 'poll', 'exempt'], `${option}.`);
  const { ignore = [], key, resultKey, poll, exempt } = options;
  const isNames = Array.isArray(ignore) && ignore.every((name) => typeof name === 'string');
  checkOption(isNames, `${option}.ignore`, ignore, 'a list of argument names');
  checkFunction(key, `${option}.key`);
  checkFunction(resultKey, `${option}.resultKey`);
  checkOption([undefined, true].includes(exempt), `${option}.exempt`, exempt, 'true');
  return {
    ignore: [...ignore],
    key: key as ResolvedToolLoopOptions['key'],
    resultKey: resultKey as ResolvedToolLoopOptions['resultKey'],
    poll: poll === undefined ? undefined : resolvePoll(poll, `${option}.poll`),
    exempt: exempt ?? false,
  };
}

function resolvePoll(poll: true | PollOptions, option: string): Required<PollOptions> {
  checkOption(poll === true || isObject(poll), option, poll, 'true or an object');
  const { maxUnchanged = 20, minIntervalMs = 0 } = poll === true ? {} : poll;
  checkOptionNames(poll === true ? {} : poll, ['maxUnchanged', 'minIntervalMs'], `${option}.`);
  const isTime = Number.isFinite(minIntervalMs) && minIntervalMs >= 0;
  checkOption(isTime, `${option}.minIntervalMs`, minIntervalMs, 'a number of milliseconds from 0');
  checkCount(maxUnchanged, `${option}.maxUnchanged`, 1);
  return { maxUnchanged, minIntervalMs };
}

function decision(answer: unknown): LoopDecision {
  return answer === 'allow' || ACTIONS.has(answer) ? (answer as LoopDecision) : 'raise';
}

function isObject(value: unknown): boolean {
  return Object(value) === value;
}
