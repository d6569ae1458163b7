import { currentSession } from '@keepstep/core';
import type { KeepstepError, Session, SessionOptions, SessionSnapshot, ToolCache } from '@keepstep/core';
import { sessionFrom, type SessionSource } from '@keepstep/core/adapter';
import type { Runtime } from 'langchain';

import type { LoopRules } from './loop-answer.ts';
import type { LoopAnswer } from './loop-note.ts';
import { sessionIdOf, threadOf } from './thread-id.ts';
import { ThreadSessions, type Thread } from './thread-sessions.ts';

/** Is what a run of an agent keeps about its session in its state, and so in its checkpoints. */
export interface AgentRunState {
  readonly id: string;
  /** Holds the loop counters as of the latest step; undefined before the first. */
  readonly snapshot?: SessionSnapshot;
}

/** Says how an agent finds its session. */
export interface AgentSessionOptions {
  readonly cache: ToolCache;
  readonly session: SessionSource<Runtime<any>> | undefined;
  readonly userId: ((runtime: Runtime<any>) => string | undefined) | undefined;
  readonly maxSessions: number;
  readonly loop: LoopRules | false;
}

/** Finds the session of an agent: the one that is named, the one around the call, else one for its thread, or for its run. */
export class AgentSessions {
  readonly #options: AgentSessionOptions;
  readonly #threads: ThreadSessions;

  constructor(options: AgentSessionOptions) {
    this.#options = options;
    this.#threads = new ThreadSessions(options.cache, options.maxSessions);
  }

  /** Begins a run: the session of its thread goes on, and loops are counted anew. */
  begin(runtime: Runtime<any>): AgentRunState {
    const id = this.#idOf(runtime) ?? crypto.randomUUID();
    this.#threads.find(id)?.session.reset();
    return { id };
  }

  /** Returns the state of a run with the loop counters as they are now; undefined where there are none. */
  record(runtime: Runtime<any>, run: AgentRunState | undefined): AgentRunState | undefined {
    const id = this.#idOf(runtime) ?? run?.id;
    const snapshot = id === undefined ? undefined : this.#threads.find(id)?.session.toJSON();
    return id === undefined || snapshot === undefined ? undefined : { id, snapshot };
  }

  /** Finishes a run: its session ends with it where it has no thread, since no later run can find it. */
  finish({ configurable }: Runtime<any>, run: AgentRunState | undefined): void {
    if (run !== undefined && threadOf(configurable) === undefined) this.#threads.end(run.id);
  }

  /**
   * Returns the session of a call; undefined where one is active around it, and where nothing names one.
   *
   * @param answer says how a loop is answered in this step
   */
  of(runtime: Runtime<any>, run: AgentRunState | undefined, answer: LoopAnswer | undefined): Session | undefined {
    const named = sessionFrom(this.#options.session, runtime);
    if (named !== undefined || currentSession() !== undefined) return named;
    const id = this.#idOf(runtime) ?? run?.id;
    if (id === undefined) return undefined;
    const thread = this.#open(id, runtime, run);
    if (thread !== undefined) thread.answer = answer;
    return thread?.session;
  }

  #idOf(runtime: Runtime<any>): string | undefined {
    return sessionIdOf(runtime.configurable, () => this.#options.userId?.(runtime));
  }

  #open(id: string, runtime: Runtime<any>, run: AgentRunState | undefined): Thread | undefined {
    try {
      return this.#threads.open(id, () => this.#optionsFor(id, runtime, run));
    } catch (error) {
      const { code } = Object(error) as Partial<KeepstepError>;
      // A cache that is closed, and a checkpoint of another version, are no reasons for an agent to fail.
      if (code === 'cache_closed') return undefined;
      if (code !== 'invalid_argument' || run?.snapshot === undefined) throw error;
      return this.#open(id, runtime, { id });
    }
  }

  #optionsFor(id: string, runtime: Runtime<any>, run: AgentRunState | undefined): SessionOptions {
    const { userId, loop } = this.#options;
    const user = userId?.(runtime);
    return {
      ...(user !== undefined && { userId: user }),
      ...(run?.snapshot && { resume: countersOf(run.snapshot, user) }),
      ...(loop === false
        ? { loopDetection: false }
        : { ...loop, onLoop: () => (this.#threads.find(id)?.answer === 'short_circuit' ? 'short_circuit' : 'raise') }),
    };
  }
}

/** Takes over the counters of a run. Whoever resumes it is the user now, not the one who began it. */
function countersOf(snapshot: SessionSnapshot, user: string | undefined): SessionSnapshot {
  const { userId: _former, ...counters } = snapshot;
  return { ...counters, ...(user !== undefined && { userId: user }) };
}
