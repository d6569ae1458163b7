import type { BypassReason } from '../events.ts';
import { messageOf } from '../errors.ts';
import { isPromise, type MaybePromise } from '../maybe-promise.ts';
import type { CallInfo } from '../observe/reporter.ts';
import type { ResourcePath } from '../resource/resource-path.ts';
import type { AgentSession } from '../session/agent-session.ts';
import { CallFrame } from '../session/call-frame.ts';
import { GLOBAL_PLACE, NOWHERE, type Place } from '../session/place.ts';
import { activeBlocker, activeContext, runInContext } from '../session/session-context.ts';
import type { ToolCall, ToolOutcome } from '../tool-call.ts';
import type { ResolvedPolicy, ResolvedReadPolicy, ResolvedWritePolicy } from '../tool-policy.ts';
import type { Engine } from './engine.ts';
import { decide, LoopCheck, loopIdentity, recursionFinding } from './loop-check.ts';
import { countPastCall } from './past-call.ts';
import { NEVER } from './single-flight.ts';
import type { ToolBinding } from './tool-binding.ts';
import type { Execute, Step } from './step.ts';
import { ToolLoad } from './tool-load.ts';

/** Is what the pipeline works with: the parts of one cache. */
export interface PipelineParts extends Engine {
  /** Says why no read is cached at all, if so. */
  readonly suspended: () => 'disabled' | 'closed' | undefined;
}

/**
 * Runs one tool call: the story of the whole library, top to bottom.
 *
 *   call -> where does its result live -> what identifies it -> is it a recursion -> is it a loop
 *     read:  a hit, a load to join, or a load of its own, whose result is stored if it is still true
 *     write: barrier -> the tool -> invalidation, whether the tool failed or not
 *     other: the tool
 *
 * Every wrapper and every adapter comes through here. A hit in memory is answered without waiting for anything.
 *
 * @param receiver is `this` for the tool and for a policy's `key`
 * @param hasFailed says that the store has failed this call already: it is not asked again
 * @throws AgentLoopDetectedError when the call closes a loop and the session says "raise"
 */
export function runToolCall(
  parts: PipelineParts,
  call: ToolCall,
  binding: ToolBinding,
  execute: Execute,
  receiver?: unknown,
  hasFailed = false,
): MaybePromise<ToolOutcome> {
  const context = activeContext(parts.owner);
  const session = (call.session ?? context?.session) as AgentSession | undefined;
  const info: CallInfo = {
    toolName: binding.toolName,
    args: call.args,
    toolCallId: call.toolCallId,
    sessionId: session?.id,
    counters: session === undefined ? binding.counters : binding.countersWith(session.state),
  };
  const parent = context?.frame;
  const found = locate(binding.policy, session, parts.suspended() ?? (hasFailed ? 'store-failed' : undefined));
  const place = isPromise(found) ? 'store-failed' : found;
  const step: Step = {
    call,
    binding,
    execute,
    receiver,
    info,
    session,
    parent,
    place,
    address: undefined,
    obstacle: undefined,
  };
  return isPromise(found) ? proceedAt(found, parts, step) : proceed(parts, step);
}

async function proceedAt(found: Promise<Place | BypassReason>, parts: PipelineParts, step: Step): Promise<ToolOutcome> {
  // What a write changes is known, whatever the store can do at the moment; it is told as soon as it can be.
  const unopened = step.binding.policy.kind === 'write' ? step.session?.state.home.unopenedPlace : undefined;
  step.place = await found.catch(() => unopened ?? ('store-failed' as const));
  return proceed(parts, step);
}

function proceed(parts: PipelineParts, step: Step): MaybePromise<ToolOutcome> {
  const { binding, call, receiver, session, place } = step;
  if (binding.policy.kind === 'read' || session?.state.detector !== undefined) {
    try {
      step.address = binding.address(typeof place === 'string' ? GLOBAL_PLACE : place, call.args, receiver);
    } catch (error) {
      step.obstacle = messageOf(error);
    }
  }
  if (call.past === true) return countPastCall(step);
  const recursion = step.parent === undefined ? 'none' : checkRecursion(parts, step);
  if (typeof recursion !== 'string') return recursion;
  // A recursion that is allowed to run on must at least not wait for itself.
  const run = recursion === 'allowed' ? runRecursion : dispatch;
  return checkLoop(parts, step, run) ?? run(parts, step);
}

/** Says where the results of a policy live for a session, or why nowhere. */
export function locate(
  policy: ResolvedPolicy,
  session: AgentSession | undefined,
  suspended: BypassReason | undefined,
): MaybePromise<Place | BypassReason> {
  if (suspended !== undefined && policy.kind === 'read') return suspended;
  if (policy.kind === 'other' || policy.scope === 'global') return GLOBAL_PLACE;
  if (session === undefined) return policy.scope === 'user' ? 'no-user' : 'no-session';
  // A write counts for those who still share the session, or have opened it again.
  if (session.ended && policy.kind === 'read') return 'session-ended';
  return session.state.home.place(policy.scope);
}

/** Tells whether the call is a recursion that is allowed to run on, or answers it. */
function checkRecursion(
  parts: PipelineParts,
  { address, parent, info, session }: Step,
): 'allowed' | 'none' | ToolOutcome {
  const path = address === undefined ? undefined : parent?.recursion(address.key);
  if (path === undefined) return 'none';
  const decision = decide(recursionFinding([...path, info.toolName]), session, info, parts.reporter);
  return decision === 'short_circuit' ? SHORT_CIRCUITED : 'allowed';
}

function checkLoop(parts: PipelineParts, step: Step, run: typeof dispatch): MaybePromise<ToolOutcome> | undefined {
  const { session, info, address, binding } = step;
  const { loop } = binding.policy;
  const detector = session?.state.detector;
  if (detector === undefined || loop === false) return undefined;
  // Identical calls side by side count once; a recursion is no such thing.
  const identity = run === runRecursion ? undefined : loopIdentity(info, address?.key, loop);
  const check = new LoopCheck(detector, session as AgentSession, info, identity, loop, parts.reporter);
  try {
    const outcome = check.shortCircuited ? shortCircuit(parts, step) : run(parts, step);
    if (isPromise(outcome)) return check.watch(outcome);
    check.answered(outcome.value);
    return outcome;
  } catch (error) {
    check.failed(error);
    throw error;
  }
}

function dispatch(parts: PipelineParts, step: Step): MaybePromise<ToolOutcome> {
  const { kind } = step.binding.policy;
  if (kind === 'read') return read(parts, step as Step<ResolvedReadPolicy>);
  return kind === 'write' ? write(parts, step as Step<ResolvedWritePolicy>) : runTool(parts, step, 'other');
}

function runRecursion(parts: PipelineParts, step: Step): MaybePromise<ToolOutcome> {
  const isRead = step.binding.policy.kind === 'read';
  return isRead ? bypass(parts, step as Step<ResolvedReadPolicy>, 'recursion') : dispatch(parts, step);
}

function read(parts: PipelineParts, step: Step<ResolvedReadPolicy>): MaybePromise<ToolOutcome> {
  const { address, place, binding, info, parent, call } = step;
  if (typeof place === 'string') return bypass(parts, step, place);
  if (address === undefined) return bypass(parts, step, 'not-keyable', step.obstacle);
  const { cacheControl } = call;
  if (cacheControl === 'bypass') return bypass(parts, step, 'requested');
  const refresh = cacheControl !== undefined;
  const entry = refresh ? undefined : parts.hits.hit(info, address, place, binding.policy, parent);
  if (entry !== undefined) return { status: 'hit', value: entry.snapshot.open() };
  const readThrough = (hasFailed: boolean): Promise<ToolOutcome> => {
    if (hasFailed) return bypass(parts, step, 'store-failed');
    let resources: readonly ResourcePath[];
    try {
      resources = binding.policy.resources(call.args);
    } catch (error) {
      return bypass(parts, step, 'resource-failed', messageOf(error));
    }
    return parts.reads.read(new ToolLoad(parts, step, place, resources, address, refresh));
  };
  const soon =
    refresh || call.signal !== undefined
      ? undefined
      : parts.hits.hitSoon(info, address, place, binding.policy, parent, readThrough);
  return soon ?? readThrough(false);
}

function bypass(
  parts: PipelineParts,
  step: Step<ResolvedReadPolicy>,
  reason: BypassReason,
  detail?: string,
): Promise<ToolOutcome> {
  let resources: readonly ResourcePath[] = [];
  try {
    resources = step.binding.policy.resources(step.call.args);
  } catch {
    // Reported where it matters: here the resources only serve a read around this one.
  }
  const isPrivate = step.binding.policy.scope !== 'global';
  const place = typeof step.place !== 'string' ? step.place : isPrivate ? NOWHERE : GLOBAL_PLACE;
  return parts.reads.bypass(new ToolLoad(parts, step, place, resources), reason, detail);
}

async function write(parts: PipelineParts, step: Step<ResolvedWritePolicy>): Promise<ToolOutcome> {
  const { place, info, binding, call } = step;
  const report = (reason: BypassReason, detail?: string): void =>
    parts.reporter.call(info, { type: 'call-bypassed', reason, detail });
  if (typeof place === 'string') {
    report(place);
    return runTool(parts, step, 'write');
  }
  let resources: readonly ResourcePath[];
  try {
    resources = binding.policy.resources(call.args);
  } catch (error) {
    // Not knowing what the tool changes must not leave anything stale.
    resources = EVERYTHING;
    report('resource-failed', messageOf(error));
  }
  return parts.invalidator.around(place, resources, binding.policy.barrierMs, info, () =>
    runTool(parts, step, 'write'),
  );
}

async function runTool({ owner, reporter }: PipelineParts, step: Step, kind: 'write' | 'other'): Promise<ToolOutcome> {
  const { info, session, parent, address, call } = step;
  const frame = new CallFrame(address?.key ?? '', info.toolName, parent, activeBlocker());
  const run = (): unknown =>
    runInContext(owner, session, frame, () => step.execute({ signal: call.signal ?? NEVER }, step.receiver, call.args));
  try {
    return { status: 'executed', value: await reporter.execution(info, kind, run) };
  } finally {
    parent?.absorbCall(frame);
  }
}

/** Answers a call that must not run: with the cached value of a read, else with `null`. Never with an error, never for a write. */
function shortCircuit({ hits }: PipelineParts, { binding, place, address, info, parent }: Step): ToolOutcome {
  if (binding.policy.kind !== 'read' || typeof place === 'string' || address === undefined) return SHORT_CIRCUITED;
  const entry = hits.hit(info, address, place, binding.policy, parent);
  return entry === undefined ? SHORT_CIRCUITED : { status: 'short-circuit', value: entry.snapshot.open() };
}

const SHORT_CIRCUITED: ToolOutcome = { status: 'short-circuit', value: null };
const EVERYTHING: readonly ResourcePath[] = [[]];
