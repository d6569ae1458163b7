import { KeepstepError } from '../errors.ts';
import { checkCallable } from '../option-checks.ts';
import type { Metrics } from '../metrics.ts';
import type { ResourceInput } from '../resource/resource-path.ts';
import type { ChildSessionOptions, Session, SessionSnapshot } from '../session.ts';
import { activeContext, runInContext } from './session-context.ts';
import type { SessionState } from './session-state.ts';

/** Is what a session needs from the cache that opened it. */
export interface SessionHost {
  /** Is the cache itself, as the owner of the context that `run` enters. */
  readonly owner: object;
  /** Invalidates resources in the session's own tree. */
  invalidate(session: AgentSession, resources: readonly ResourceInput[]): Promise<void>;
  /** Takes note that a handle was opened. */
  opened(state: SessionState): void;
  /** Takes note that a handle has ended, and drops what the session stored when it was the last one. */
  released(state: SessionState): Promise<void>;
}

/** Is one handle of a session. */
export class AgentSession implements Session {
  readonly state: SessionState;
  readonly #host: SessionHost;
  readonly #parent: AgentSession | undefined;
  #ended: Promise<void> | undefined;

  constructor(state: SessionState, host: SessionHost, parent?: AgentSession) {
    this.state = state;
    this.#host = host;
    this.#parent = parent;
    host.opened(state);
  }

  /** Is the cache that opened the session. */
  get owner(): object {
    return this.#host.owner;
  }

  get id(): string {
    return this.state.id;
  }

  get userId(): string | undefined {
    return this.state.home.userId;
  }

  get ended(): boolean {
    return this.#ended !== undefined || this.#parent?.ended === true;
  }

  run<R>(fn: (session: Session) => R): R {
    this.#assertOpen('run');
    checkCallable(fn, 'fn');
    // Inside a tool call, what runs in a session of its own is still a part of that call.
    const { owner } = this.#host;
    return runInContext(owner, this, activeContext(owner)?.frame, () => fn(this));
  }

  child(options: ChildSessionOptions = {}): Session {
    this.#assertOpen('child');
    return new AgentSession(this.state.child(options), this.#host, this);
  }

  async invalidate(...resources: readonly ResourceInput[]): Promise<void> {
    this.#assertOpen('invalidate');
    await this.#host.invalidate(this, resources);
  }

  metrics(): Metrics {
    return this.state.counters[0]!.read();
  }

  reset(): void {
    this.state.detector?.reset();
  }

  toJSON(): SessionSnapshot {
    const { id, userId } = this;
    const loop = this.state.detector?.toJSON();
    return { version: 1, id, ...(userId !== undefined && { userId }), ...(loop !== undefined && { loop }) };
  }

  end(): Promise<void> {
    this.#ended ??= this.#host.released(this.state);
    return this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }

  #assertOpen(method: string): void {
    if (this.ended) {
      throw new KeepstepError(
        'session_ended',
        `Session ${JSON.stringify(this.id)} has ended: ${method} is no longer possible.`,
      );
    }
  }
}
