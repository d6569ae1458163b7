import type { Clock } from '../clock.ts';
import { KeepstepError, sessionConflict } from '../errors.ts';
import { nextId } from '../id.ts';
import { resolveLoopOptions } from '../loop/loop-policy.ts';
import { isPromise, type MaybePromise } from '../maybe-promise.ts';
import { checkKnown, checkOption, checkText } from '../option-checks.ts';
import type { Reporter } from '../observe/reporter.ts';
import type { ResourceInput } from '../resource/resource-path.ts';
import type { SessionOptions } from '../session.ts';
import type { EntryStore, SessionHandle } from '../store/entry-store.ts';
import { AgentSession, type SessionHost } from './agent-session.ts';
import { SessionHome } from './session-home.ts';
import { createDetector, LOOP_OPTIONS, SessionState } from './session-state.ts';

/** Keeps the open sessions of one cache: whoever opens an id that is open joins the running session. */
export class SessionRegistry {
  readonly #open = new Map<string, SessionState>();
  readonly #ending = new Map<string, Promise<void>>();
  readonly #entries: EntryStore;
  readonly #clock: Clock;
  readonly #host: SessionHost;
  readonly #failed: (operation: string) => (error: unknown) => void;

  constructor(
    owner: object,
    entries: EntryStore,
    clock: Clock,
    reporter: Reporter,
    invalidate: (session: AgentSession, resources: readonly ResourceInput[]) => Promise<void>,
  ) {
    this.#entries = entries;
    this.#clock = clock;
    this.#failed = (operation) => (error) => reporter.note({ type: 'store-error', operation, error });
    this.#host = {
      owner,
      invalidate,
      opened: (state) => {
        if (state.handles === 0) reporter.note({ type: 'session-start', ...describe(state) });
        state.handles += 1;
      },
      released: async (state) => {
        state.handles -= 1;
        if (state.handles > 0) return;
        if (state.parent === undefined) {
          this.#open.delete(state.id);
          await this.#end(state);
        }
        reporter.note({ type: 'session-end', ...describe(state) });
      },
    };
  }

  /**
   * Opens a session, or joins it.
   *
   * @throws KeepstepError `session_conflict` when the id is open for another user
   * @throws InvalidOptionError for an option that is not allowed
   */
  open(options: SessionOptions): AgentSession {
    checkKnown(options, ['id', 'userId', 'resume', ...LOOP_OPTIONS]);
    const { resume } = options;
    const isSnapshot = resume === undefined || resume?.version === 1;
    checkOption(isSnapshot, 'resume', resume?.version ?? resume, 'what session.toJSON() returned, version 1');
    const { id = resume?.id ?? nextId(), userId = resume?.userId } = options;
    checkText(id, 'id');
    if (userId !== undefined) checkText(userId, 'userId');
    const running = this.#open.get(id);
    if (running !== undefined) {
      if (running.home.userId === userId) return new AgentSession(running, this.#host);
      throw sessionConflict(id);
    }
    // Before anything is opened, so that a wrong option leaves no session behind.
    const loop = resolveLoopOptions(options);
    const detector = createDetector(loop, resume?.loop, { clock: this.#clock });
    const ending = this.#ending.get(id);
    const open = (): MaybePromise<SessionHandle> => this.#openInStore(id, userId);
    // Whoever opens an id that is being ended waits until that is done.
    const home = new SessionHome(id, userId, () => (this.#ending.get(id) ?? ending)?.then(open) ?? open());
    const state = SessionState.root(home, loop, detector);
    this.#open.set(id, state);
    return new AgentSession(state, this.#host);
  }

  #openInStore(id: string, userId: string | undefined): MaybePromise<SessionHandle> {
    const failed = (error: unknown): never => {
      this.#failed('openSession')(error);
      throw error;
    };
    try {
      const opening = this.#entries.openSession(id, userId);
      return isPromise(opening) ? opening.catch(failed) : opening;
    } catch (error) {
      if (KeepstepError.isInstance(error) && error.code === 'session_conflict') throw error;
      // A store out of reach stops no session: its tools run, past the cache.
      return Promise.reject(error).catch(failed);
    }
  }

  /** Ends a session in the store, and makes whoever opens its id again wait until that is done. */
  #end({ id, home: { opened } }: SessionState): Promise<void> | undefined {
    const failed = this.#failed('endSession');
    const end = (handle: SessionHandle | undefined): MaybePromise<void> =>
      handle === undefined ? undefined : this.#entries.endSession(handle);
    try {
      const ended = isPromise(opened) ? opened.then(end) : end(opened);
      if (!isPromise(ended)) return undefined;
      const ending = ended.catch(failed).finally(() => {
        if (this.#ending.get(id) === ending) this.#ending.delete(id);
      });
      this.#ending.set(id, ending);
      return ending;
    } catch (error) {
      failed(error);
      return undefined;
    }
  }
}

function describe({ id, home, parent }: SessionState): {
  sessionId: string;
  userId: string | undefined;
  parentId: string | undefined;
} {
  return { sessionId: id, userId: home.userId, parentId: parent?.id };
}
