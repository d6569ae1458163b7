import { encodeCanonical } from '../codec/canonical-encoding.ts';
import { InvalidOptionError, messageOf } from '../errors.ts';
import { checkDelegation, type Delegation } from '../loop/delegation.ts';
import { LoopDetector, type LoopDetectorContext } from '../loop/loop-detector.ts';
import { resolveLoopOptions, type LoopOptions, type ResolvedLoopOptions } from '../loop/loop-policy.ts';
import type { LoopSnapshot } from '../loop/loop-snapshot.ts';
import { toLoopError } from '../loop/loop-verdict.ts';
import { checkKnown, checkText } from '../option-checks.ts';
import { Counters } from '../observe/counters.ts';
import type { ChildSessionOptions } from '../session.ts';
import type { SessionHome } from './session-home.ts';

/** Is what all handles of one session share. */
export class SessionState {
  readonly id: string;
  readonly home: SessionHome;
  readonly parent: SessionState | undefined;
  readonly loop: ResolvedLoopOptions;
  readonly detector: LoopDetector | undefined;
  /** Counts for this session first, then for each one above it. */
  readonly counters: readonly Counters[];
  /** Counts the handles that have not ended. */
  handles = 0;
  readonly #ancestry: readonly Delegation[];
  #children = 0;

  private constructor(
    id: string,
    home: SessionHome,
    parent: SessionState | undefined,
    loop: ResolvedLoopOptions,
    detector: LoopDetector | undefined,
    ancestry: readonly Delegation[],
  ) {
    this.id = id;
    this.home = home;
    this.parent = parent;
    this.loop = loop;
    this.detector = detector;
    this.counters = [new Counters(), ...(parent?.counters ?? [])];
    this.#ancestry = ancestry;
  }

  /** Starts a session of its own. */
  static root(home: SessionHome, loop: ResolvedLoopOptions, detector: LoopDetector | undefined): SessionState {
    return new SessionState(home.id, home, undefined, loop, detector, [{ agent: 'agent', taskKey: undefined }]);
  }

  /**
   * Starts a session for a sub-agent.
   *
   * @throws AgentLoopDetectedError when the delegation itself runs in circles
   * @throws InvalidOptionError for an option that is not allowed
   */
  child(options: ChildSessionOptions): SessionState {
    checkKnown(options, ['agent', 'task', ...LOOP_OPTIONS]);
    const { agent = 'agent', task, ...own } = options;
    checkText(agent, 'agent');
    const loop = resolveLoopOptions({ ...this.loop, ...own });
    const next: Delegation = { agent, taskKey: task === undefined ? undefined : taskKey(task) };
    const finding = loop.loopDetection ? checkDelegation(this.#ancestry, next, loop.maxNesting) : undefined;
    if (finding !== undefined) throw toLoopError(finding);
    this.#children += 1;
    const detector = createDetector(loop, undefined, { parent: this.detector });
    return new SessionState(`${this.id}/${this.#children}`, this.home, this, loop, detector, [...this.#ancestry, next]);
  }
}

/** Names the options that sessions and child sessions have in common. */
export const LOOP_OPTIONS: readonly string[] = [
  'loopDetection',
  'preset',
  'maxToolRepeats',
  'maxExecutionDepth',
  'maxNesting',
  'onLoop',
] satisfies (keyof LoopOptions)[];

/**
 * Creates the detector that a session's options ask for, if any.
 *
 * @param saved is the state to continue from
 */
export function createDetector(
  loop: ResolvedLoopOptions,
  saved: LoopSnapshot | undefined,
  context: LoopDetectorContext,
): LoopDetector | undefined {
  if (!loop.loopDetection) return undefined;
  return saved === undefined ? new LoopDetector(loop, context) : LoopDetector.fromJSON(saved, loop, context);
}

function taskKey(task: unknown): string {
  try {
    return encodeCanonical(task);
  } catch (error) {
    throw new InvalidOptionError('task', task, `plain data: ${messageOf(error)}`);
  }
}
