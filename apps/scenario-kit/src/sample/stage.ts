import { randomUUID } from 'node:crypto';
import { createToolCache, systemClock, type Clock, type Store, type ToolCache } from '@keepstep/core';
import { scriptedModel, type ScriptedPolicy } from '@keepstep/core/testing';

import { Account } from '../account/account.ts';
import { stepLine } from '../account/step-line.ts';
import type { Upstream } from '../apis/upstream.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { resolveModel, type ModelEnvironment, type ResolvedModel } from '../models/resolve-model.ts';
import { SimulatedClock } from '../time/simulated-clock.ts';
import { sleep } from '../time/sleep.ts';
import { isInMemory, openStore } from './open-store.ts';

/** Says how a stage is to be set. */
export interface StageOptions {
  /** Names the sample, and the namespace of its cache. */
  readonly name: string;
  readonly environment: ModelEnvironment;
  readonly offline: boolean;
  /**
   * Names what is kept in the store beyond the run, for a sample that goes on in another process. Default: what
   * `KEEPSTEP_NAMESPACE` names, or a namespace that is new for each run.
   */
  readonly namespace?: string | undefined;
  /** Takes the lines for people. */
  readonly print: (line: string) => void;
}

/** Is one exchange between a user and an agent. */
export interface Conversation {
  readonly session: string;
  readonly prompt: string;
  readonly answer: string | undefined;
}

/** Is how long a scripted model pretends to think. */
const THINKING_MS = 800;

/**
 * Is what a sample plays on: a cache, a clock, models, and the account of what happens.
 *
 * With scripts and a store in memory, time is simulated: a run is over at once, and the same every time. A real model
 * or a store outside of the process takes real time.
 */
export class Stage implements AsyncDisposable {
  readonly cache: ToolCache;
  readonly clock: Clock;
  readonly account: Account;
  readonly resolved: ResolvedModel;
  readonly upstreams: Upstream[] = [];
  readonly conversations: Conversation[] = [];
  /** Is the store of the cache. */
  readonly store: Store;
  /** Prints a line for people. */
  readonly say: (line: string) => void;
  readonly #thinkingMs: number;
  readonly #callPrefix: string;
  #toolCalls = 0;

  /** @throws ModelChoiceError when the environment names no usable model */
  constructor({ name, environment, offline, namespace: own, print }: StageOptions) {
    const url = environment['KEEPSTEP_STORE'];
    this.resolved = resolveModel(environment, offline);
    const isSimulated = this.resolved.real === undefined && isInMemory(url);
    this.clock = isSimulated ? new SimulatedClock() : systemClock;
    this.#thinkingMs = isSimulated ? THINKING_MS : 0;
    this.store = openStore(url, this.clock);
    // The APIs of a sample begin anew with every run, so nothing that an earlier run has left in the store is true, unless
    // whoever names a namespace for several runs knows better: the web of the research agent is the same each time.
    const fresh = isInMemory(url) ? name : `${name}-${randomUUID().slice(0, 8)}`;
    const namespace = own ?? (environment['KEEPSTEP_NAMESPACE'] || fresh);
    this.cache = createToolCache({ store: this.store, namespace, clock: this.clock });
    // What another process has asked for has other ids.
    this.#callPrefix = own === undefined ? 'call' : `call_${randomUUID().slice(0, 8)}`;
    this.say = print;
    this.account = new Account(this.cache, this.clock, (step) => print(stepLine(step)));
  }

  /** Waits for a store outside of the process, so that the first call finds it; one that is not there is done without. */
  async ready(): Promise<void> {
    try {
      await this.store.ready?.();
    } catch (error) {
      this.say(`The store cannot be used: ${(error as Error).message}`);
    }
  }

  /** Takes the requests of simulated APIs into the account. */
  watch(...apis: readonly { readonly upstream: Upstream }[]): void {
    this.upstreams.push(...apis.map(({ upstream }) => upstream));
  }

  /** Returns the real model where there is one, else one that follows the script. */
  model(script: ScriptedPolicy): ChatModel {
    if (this.resolved.real !== undefined) return this.resolved.real;
    // One sequence for all models of the stage, so that an id names one call in the account.
    const model = scriptedModel(script, { nextToolCallId: () => `${this.#callPrefix}_${(this.#toolCalls += 1)}` });
    return {
      next: async (messages) => {
        if (this.#thinkingMs > 0) await sleep(this.clock, this.#thinkingMs);
        return model.next(messages);
      },
    };
  }

  /** Lets several work side by side, and waits for all of them. */
  async sideBySide(...works: readonly (() => Promise<unknown>)[]): Promise<void> {
    await (this.clock instanceof SimulatedClock
      ? this.clock.sideBySide(works)
      : Promise.all(works.map((work) => work())));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cache.close();
    await this.store.close();
  }
}
