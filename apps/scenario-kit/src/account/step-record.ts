import {
  AgentLoopDetectedError,
  type CacheMissEvent,
  type KeepstepEvent,
  type ResourcesInvalidatedEvent,
} from '@keepstep/core';

import type { AccountStep, StepAnswer } from './account-step.ts';
import { durationText } from './duration-text.ts';
import { pathText, type ReadHistory } from './read-history.ts';

/** Is an event about one call. */
export type CallEvent = Extract<KeepstepEvent, { readonly args: unknown }>;

/** Writes down what becomes of one call, event by event. */
export class StepRecord {
  readonly step: { -readonly [Name in keyof AccountStep]: AccountStep[Name] };
  isClosed = false;
  #miss: CacheMissEvent | undefined;

  constructor(asked: Pick<AccountStep, 'step' | 'session' | 'toolCallId' | 'tool' | 'input' | 'atMs'>) {
    this.step = { ...asked, answer: 'invalid', why: '' };
  }

  /** Tells whether this is a write that has run and whose invalidation is still to come. */
  get awaitsInvalidation(): boolean {
    return !this.isClosed && this.step.answer === 'write' && this.step.invalidated === undefined;
  }

  /** @param leader is the step whose running load this call may have joined */
  note(event: CallEvent, history: ReadHistory, leader: AccountStep | undefined): void {
    const { step } = this;
    switch (event.type) {
      case 'cache-hit':
        step.ageMs = event.ageMs;
        step.savedMs = event.savedMs;
        return this.#answer('hit', `${durationText(event.ageMs)} old, saved ${durationText(event.savedMs)}`);
      case 'cache-stale':
        step.ageMs = event.ageMs;
        return this.#answer('stale', `${durationText(event.ageMs)} old, past its ttl (${event.mode})`);
      case 'call-coalesced':
        return this.#answer('coalesced', leader === undefined ? 'joined a running call' : `joined call ${leader.step}`);
      case 'call-bypassed':
        return this.#answer('bypass', `not cached: ${event.reason}`);
      case 'cache-miss':
        if (event.background) return;
        this.#miss = event;
        return this.#answer('miss', history.explain(event));
      case 'tool-executed':
        step.upstreamMs = event.durationMs;
        if (event.kind !== 'read') this.#answer(event.kind === 'write' ? 'write' : 'call', 'ran');
        else if (event.outcome === 'error' && this.#miss !== undefined) history.lost(this.#miss, 'failed');
        return;
      case 'entry-stored':
        return history.stored(event);
      case 'entry-superseded':
        step.notKept = event.reason === 'invalidated' ? 'its data changed meanwhile' : event.reason;
        if (this.#miss !== undefined) history.lost(this.#miss, 'not kept');
        return;
      case 'entry-deleted':
        return;
      case 'entry-rejected':
        step.notKept = event.reason;
        if (this.#miss !== undefined) history.lost(this.#miss, 'not kept');
        return;
      case 'loop-detected':
        if (event.action === 'raise') this.#answer('refused', 'a loop');
        return;
    }
  }

  noteInvalidation({ resources }: ResourcesInvalidatedEvent): void {
    this.step.invalidated = resources.map(pathText);
    this.step.why = `dropped ${this.step.invalidated.join(' and ')}`;
  }

  close(failure: { readonly error: unknown } | undefined): void {
    const { step } = this;
    step.why = [
      ...(failure === undefined ? [step.why] : this.#failed(failure.error)),
      ...(step.upstreamMs === undefined ? [] : [`${durationText(step.upstreamMs)} upstream`]),
      ...(step.notKept === undefined ? [] : [`not kept: ${step.notKept}`]),
    ].join(', ');
    this.isClosed = true;
  }

  #failed(error: unknown): string[] {
    const { step } = this;
    step.error = error instanceof Error ? error.message : String(error);
    if (step.answer === 'invalid' || AgentLoopDetectedError.isInstance(error)) return [step.error];
    const failed = `failed with ${error instanceof Error ? error.name : 'an error'}`;
    // A write that failed may have happened.
    return step.answer === 'write' ? [failed, `${step.why} all the same`] : [step.why, failed];
  }

  #answer(answer: StepAnswer, why: string): void {
    this.step.answer = answer;
    this.step.why = why;
  }
}
