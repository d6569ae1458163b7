import { encodeCanonical } from '../codec/canonical-encoding.ts';
import { messageOf, type LoopFinding } from '../errors.ts';
import { callIdentity, loopArguments } from '../loop/loop-arguments.ts';
import type { LoopCall, LoopDetector } from '../loop/loop-detector.ts';
import type { ResolvedToolLoopOptions } from '../loop/loop-policy.ts';
import { loopFinding, shouldWarn, toLoopError } from '../loop/loop-verdict.ts';
import type { CallInfo, Reporter } from '../observe/reporter.ts';
import type { AgentSession } from '../session/agent-session.ts';

/** Is a call that the detector has counted, from its beginning to its end. */
export class LoopCheck {
  /** Tells whether the call must not run but gets an answer; a call that is refused has thrown instead. */
  readonly shortCircuited: boolean;
  readonly #detector: LoopDetector;
  readonly #call: LoopCall;
  readonly #policy: ResolvedToolLoopOptions | undefined;

  /**
   * Counts a call, before it runs.
   *
   * @param identity identifies the call (see `loopIdentity`); undefined for a call that is like no other
   * @throws AgentLoopDetectedError when the call closes a loop and the session says "raise"
   */
  constructor(
    detector: LoopDetector,
    session: AgentSession,
    info: CallInfo,
    identity: string | undefined,
    policy: ResolvedToolLoopOptions | undefined,
    reporter: Reporter,
  ) {
    this.#detector = detector;
    this.#policy = policy;
    this.#call = detector.begin(info.toolName, identity, policy);
    const { finding, joined } = this.#call;
    try {
      this.shortCircuited =
        finding !== undefined && decide(finding, session, info, reporter, joined) === 'short_circuit';
    } catch (error) {
      detector.end(this.#call);
      throw error;
    }
  }

  /** Notes that the call was answered. */
  answered(value: unknown): void {
    const answer = this.#policy?.poll && !this.shortCircuited ? answerText(value, this.#policy) : undefined;
    this.#detector.end(this.#call, answer, this.#policy);
  }

  /** Notes that the call has failed. */
  failed(error: unknown): void {
    this.#detector.end(this.#call, this.#policy?.poll && `error ${messageOf(error)}`, this.#policy);
  }

  /** Notes how a call ends that is still running. */
  watch<Outcome extends { readonly value: unknown }>(outcome: Promise<Outcome>): Promise<Outcome> {
    return outcome.then(
      (settled) => {
        this.answered(settled.value);
        return settled;
      },
      (error: unknown) => {
        this.failed(error);
        throw error;
      },
    );
  }
}

/**
 * Decides what happens to a call that closes a loop, and reports it, unless an identical call beside it already was.
 *
 * @throws AgentLoopDetectedError when the session says "raise"
 */
export function decide(
  finding: LoopFinding,
  session: AgentSession | undefined,
  info: CallInfo,
  reporter: Reporter,
  joined: boolean = false,
): 'allow' | 'warn' | 'short_circuit' {
  const action = session?.state.loop.loopDetection ? session.state.loop.onLoop(finding) : 'raise';
  if (!joined) {
    reporter.count('loopDetections', info.counters);
    const runsOn = action === 'warn' || action === 'allow';
    if (!runsOn || shouldWarn(finding)) reporter.call(info, { type: 'loop-detected', finding, action });
  }
  if (action === 'raise') throw toLoopError(finding);
  return action;
}

/** Describes a call that is already on the stack of calls. */
export function recursionFinding(path: readonly string[]): LoopFinding {
  return loopFinding('recursion', path, 2, 2, 1);
}

/**
 * Returns what identifies a call for loop detection; undefined for one whose arguments cannot be encoded.
 *
 * @param key is the text that identifies the call in the cache: it serves here too, unless the policy says otherwise
 */
export function loopIdentity(
  { toolName, args }: CallInfo,
  key: string | undefined,
  policy: ResolvedToolLoopOptions | undefined,
): string | undefined {
  if (policy === undefined) return key;
  try {
    const own = loopArguments(args, policy);
    return own === args ? key : callIdentity(toolName, own);
  } catch {
    return undefined; // like arguments that cannot be encoded: this call is like no other
  }
}

/** Returns the text by which two answers of a poll are compared; undefined for one that cannot be encoded. */
export function answerText(value: unknown, policy: ResolvedToolLoopOptions): string | undefined {
  try {
    return encodeCanonical(policy.resultKey === undefined ? value : policy.resultKey(value));
  } catch {
    return undefined;
  }
}
