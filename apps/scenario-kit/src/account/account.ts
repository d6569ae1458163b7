import {
  AgentLoopDetectedError,
  type Clock,
  type KeepstepEvent,
  type LoopFinding,
  type ToolCache,
} from '@keepstep/core';
import type { ModelToolCall } from '@keepstep/core/testing';

import type { AgentObserver, ObservedSession } from '../agent/run-agent.ts';
import type { AccountStep } from './account-step.ts';
import { pathText, ReadHistory } from './read-history.ts';
import { StepRecord, type CallEvent } from './step-record.ts';
import { Tally, type TallyTotals } from './tally.ts';

/** Is a loop that stopped an agent. */
export type StoppedLoop = LoopFinding & { readonly session: string; readonly message: string };

/** Is something that invalidated resources. */
export interface AccountInvalidation {
  readonly atMs: number;
  readonly session?: string | undefined;
  /** Names the tool that wrote, or `invalidate`. */
  readonly by: string;
  /** Lists paths with slashes. */
  readonly resources: readonly string[];
}

/**
 * Keeps the account of a run: what the models asked for, how each call was answered and why, and what it cost.
 *
 * All it knows about the cache comes from its events. Its numbers are counted here and not taken from `cache.metrics()`,
 * so that the two can be held against each other.
 */
export class Account implements AgentObserver {
  readonly invalidations: AccountInvalidation[] = [];
  readonly loops: StoppedLoop[] = [];
  readonly sessions: ObservedSession[] = [];
  readonly #clock: Clock;
  readonly #openedAt: number;
  readonly #onStep: (step: AccountStep) => void;
  readonly #records: StepRecord[] = [];
  readonly #history = new ReadHistory();
  readonly #tally = new Tally();
  #told = 0;

  /** @param onStep receives every step, in order, once it and all before it are over */
  constructor(cache: ToolCache, clock: Clock, onStep: (step: AccountStep) => void) {
    this.#clock = clock;
    this.#openedAt = clock.now();
    this.#onStep = onStep;
    cache.on((event) => this.#note(event));
  }

  get steps(): readonly AccountStep[] {
    return this.#records.map(({ step }) => step);
  }

  get totals(): TallyTotals & { readonly calls: number } {
    return { calls: this.#records.length, ...this.#tally.totals };
  }

  asked(session: ObservedSession, { toolCallId, toolName, input }: ModelToolCall): void {
    if (!this.sessions.includes(session)) this.sessions.push(session);
    const step = this.#records.length + 1;
    const atMs = this.#elapsed();
    this.#records.push(new StepRecord({ step, session: session.id, toolCallId, tool: toolName, input, atMs }));
  }

  answered(
    session: ObservedSession,
    { toolCallId }: ModelToolCall,
    failure: { readonly error: unknown } | undefined,
  ): void {
    const record = this.#find(session.id, toolCallId);
    if (record === undefined) return;
    if (AgentLoopDetectedError.isInstance(failure?.error)) this.loops.push(describeLoop(session, failure.error));
    record.close(failure);
    // Calls side by side end in any order and are told in the order they were asked for.
    for (; this.#records[this.#told]?.isClosed === true; this.#told += 1) this.#onStep(this.#records[this.#told]!.step);
  }

  #note(event: KeepstepEvent): void {
    this.#tally.note(event);
    if (event.type === 'session-start') this.#history.opened(event.sessionId, event.userId, event.parentId);
    else if (event.type === 'session-end') this.#history.ended(event.sessionId);
    else if (event.type === 'resources-invalidated') this.#noteInvalidation(event);
    else if ('args' in event) {
      this.#find(event.sessionId, event.toolCallId)?.note(event, this.#history, this.#leaderOf(event));
    }
  }

  #noteInvalidation(event: Extract<KeepstepEvent, { readonly type: 'resources-invalidated' }>): void {
    this.#history.invalidated(event);
    if (event.cause === 'barrier') return;
    const { sessionId: session, toolName: by = 'invalidate' } = event;
    this.invalidations.push({ atMs: this.#elapsed(), session, by, resources: event.resources.map(pathText) });
    // The event names no call, so it belongs to the oldest one that waits for it.
    this.#records
      .find((record) => record.awaitsInvalidation && record.step.session === session && record.step.tool === by)
      ?.noteInvalidation(event);
  }

  #find(sessionId: string | undefined, toolCallId: string | undefined): StepRecord | undefined {
    return this.#records.findLast(({ step }) => step.session === sessionId && step.toolCallId === toolCallId);
  }

  #leaderOf({ type, toolName, args }: CallEvent): AccountStep | undefined {
    if (type !== 'call-coalesced') return undefined;
    const input = JSON.stringify(args[0]);
    const isLeader = ({ step, isClosed }: StepRecord): boolean =>
      !isClosed && step.answer === 'miss' && step.tool === toolName && JSON.stringify(step.input) === input;
    return this.#records.findLast(isLeader)?.step;
  }

  #elapsed(): number {
    return this.#clock.now() - this.#openedAt;
  }
}

function describeLoop(session: ObservedSession, error: AgentLoopDetectedError): StoppedLoop {
  const { message, rule, tool, path, period, repeats, count, limit, hint } = error;
  return { session: session.id, message, rule, tool, path, period, repeats, count, limit, hint };
}
