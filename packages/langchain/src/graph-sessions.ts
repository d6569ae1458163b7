import { currentSession } from '@keepstep/core';
import type { KeepstepError, Session, ToolCache, ToolPolicy } from '@keepstep/core';
import { sessionFrom, type SessionSource } from '@keepstep/core/adapter';
import type { ToolRunnableConfig } from '@langchain/core/tools';

import { CountedCalls } from './counted-calls.ts';
import { answerFor, type LoopRules } from './loop-answer.ts';
import type { LoopAnswer } from './loop-note.ts';
import { madeCalls, messagesAround, type MadeCalls } from './made-calls.ts';
import { parsedArguments, type ToolSchema } from './parsed-arguments.ts';
import { sessionIdOf } from './thread-id.ts';
import { ThreadSessions, type Thread } from './thread-sessions.ts';

/** Is where a call belongs. */
export interface CallPlace {
  /** Is the session; undefined leaves it to what is active around the call. */
  readonly session: Session | undefined;
  /** Says how a loop is answered; undefined leaves it to the session. */
  readonly answer?: LoopAnswer;
}

/** Says how the tools of a graph find their session. */
export interface GraphSessionOptions {
  readonly cache: ToolCache;
  readonly session: SessionSource<ToolRunnableConfig> | undefined;
  readonly userId: ((config: ToolRunnableConfig) => string | undefined) | undefined;
  readonly maxSessions: number;
  readonly rules: LoopRules | false;
  readonly answers: readonly LoopAnswer[];
  /** Holds the tools whose calls count, by name. */
  readonly tools: ReadonlyMap<string, ToolSchema & { readonly policy: ToolPolicy }>;
}

/** Finds the session of a call in a graph: the one that is named, the one around the call, else one for its thread. */
export class GraphSessions {
  readonly #options: GraphSessionOptions;
  readonly #threads: ThreadSessions;

  constructor(options: GraphSessionOptions) {
    this.#options = options;
    this.#threads = new ThreadSessions(options.cache, options.maxSessions);
  }

  /** Returns the place of a call, with the counters of its thread where the messages of the graph are. */
  async placeOf(config: ToolRunnableConfig, toolCallId: string | undefined): Promise<CallPlace> {
    const { session, rules, answers, tools } = this.#options;
    const named = sessionFrom(session, config);
    if (named !== undefined || currentSession() !== undefined) return { session: named };
    const thread = this.#open(config);
    if (thread === undefined || rules === false || toolCallId === undefined) return { session: thread?.session };
    const messages = messagesAround(config) ?? [];
    const made = madeCalls(messages, toolCallId, (name) => tools.has(name));
    if (made !== undefined) await this.#countedCalls(thread).begin(toolCallId, made);
    return { session: thread.session, answer: answerFor(answers, messages) };
  }

  #open(config: ToolRunnableConfig): Thread | undefined {
    const { userId, rules } = this.#options;
    const userOf = (): string | undefined => userId?.(config);
    const id = sessionIdOf(config.configurable, userOf);
    if (id === undefined) return undefined;
    try {
      return this.#threads.open(id, () => {
        const user = userOf();
        return { ...(rules === false ? { loopDetection: false } : rules), ...(user !== undefined && { userId: user }) };
      });
    } catch (error) {
      // A cache that is closed is no reason for a graph to fail.
      if ((Object(error) as Partial<KeepstepError>).code === 'cache_closed') return undefined;
      throw error;
    }
  }

  #countedCalls(thread: Thread): CountedCalls {
    thread.counted ??= new CountedCalls((steps) => this.#recount(thread.session, steps));
    return thread.counted;
  }

  async #recount(session: Session, steps: MadeCalls['before']): Promise<void> {
    const { cache, tools } = this.#options;
    session.reset();
    for (const step of steps) {
      // Side by side, as they were made.
      const calls = step.map(async ({ name: toolName, args, answer }) => {
        const tool = tools.get(toolName);
        const parsed = tool && (await parsedArguments(tool, args));
        // Input that does not fit never was a call.
        if (tool === undefined || parsed === undefined) return;
        const { policy } = tool;
        const isShown = policy.loop === false || policy.loop?.resultKey === undefined;
        await cache.call({ toolName, args: [parsed.value], session, past: true }, policy, () =>
          isShown ? answer : undefined,
        );
      });
      await Promise.all(calls);
    }
  }
}
