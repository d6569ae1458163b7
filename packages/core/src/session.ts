import type { LoopOptions } from './loop/loop-policy.ts';
import type { LoopSnapshot } from './loop/loop-snapshot.ts';
import type { Metrics } from './metrics.ts';
import type { ResourceInput } from './resource/resource-path.ts';

/** Configures a session: one conversation or one run of an agent. */
export interface SessionOptions extends LoopOptions {
  /** Names the session, for example by the framework's thread id. Default: a new id. */
  readonly id?: string;
  /** Names the user on whose behalf the agent acts; required for tools with scope `user`. */
  readonly userId?: string;
  /** Continues the loop counters of an earlier session, as `session.toJSON()` gave them. */
  readonly resume?: SessionSnapshot;
}

/** Configures a child session: a sub-agent that works for its parent. */
export interface ChildSessionOptions extends LoopOptions {
  /** Names the sub-agent. Default: "agent". */
  readonly agent?: string;
  /** Identifies the task; an ancestor with the same agent and task is a recursion and is refused. */
  readonly task?: unknown;
}

/** Is what a session remembers for loop detection, ready for `JSON.stringify`: counters, no arguments and no results. */
export interface SessionSnapshot {
  readonly version: 1;
  readonly id: string;
  readonly userId?: string;
  readonly loop?: LoopSnapshot;
}

/**
 * Is one conversation or one run of an agent.
 *
 * What is cached with scope `session` belongs to it and dies with it. Tools called inside `run` (through `await`,
 * `Promise.all`, timers and nested agents) find it by themselves; `tool.with({ session })` and `ToolCall.session` pass
 * it explicitly.
 *
 * Opening an id that is open in this cache joins the running session: the two handles share entries, counters and
 * metrics, the options of the first opening stand, and the session ends when the last handle has ended.
 */
export interface Session extends AsyncDisposable {
  readonly id: string;
  readonly userId: string | undefined;
  /** Tells whether `end` was called on this handle. */
  readonly ended: boolean;
  /**
   * Runs `fn` with this session active.
   *
   * @throws KeepstepError `session_ended` when this handle has ended
   */
  run<R>(fn: (session: Session) => R): R;
  /**
   * Opens a session for a sub-agent. It shares the parent's entries, user and call budget (`maxExecutionDepth`), keeps
   * loop counters of its own, and its metrics count for the parent too.
   *
   * @throws AgentLoopDetectedError `recursion` or `nesting` when the delegation itself runs in circles
   */
  child(options?: ChildSessionOptions): Session;
  /** Invalidates resources for this session only: entries of other sessions, users and the global scope stay. */
  invalidate(...resources: readonly ResourceInput[]): Promise<void>;
  /** Counts what happened in this session and its children. */
  metrics(): Metrics;
  /** Forgets the loop counters, for example after a person has stepped in. Entries stay. */
  reset(): void;
  /** Returns what loop detection needs to go on after a restart; pass it as `resume`. */
  toJSON(): SessionSnapshot;
  /** Ends this handle; the last one drops everything the session stored, and nothing that finishes late brings it back. */
  end(): Promise<void>;
}
