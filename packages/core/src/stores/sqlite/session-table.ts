import { sessionConflict } from '../../errors.ts';
import { nextId } from '../../id.ts';
import type { SessionHandle } from '../../store/entry-store.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { sessionsSql } from './statements/sessions.generated.ts';
import type { SessionRow } from './tag-table.ts';

interface OpenSessionRow {
  readonly id: number;
  readonly user: string | null;
  readonly opening: string;
  readonly usedAt: number;
}

/** Holds the open sessions of a namespace. Ids of sessions and users are written as JSON, which keeps any text apart. */
export class SessionTable {
  readonly #namespace: number;
  readonly #idleMs: number;
  readonly #sessions;

  /** @param idleMs is the time after which a session has ended that no process says it has open */
  constructor(database: SqliteDatabase, namespace: number, idleMs: number) {
    this.#namespace = namespace;
    this.#idleMs = idleMs;
    this.#sessions = database.prepare(sessionsSql);
  }

  /**
   * Opens a session, or joins it when the id is open.
   *
   * @throws KeepstepError `session_conflict` when the id is open for another user
   */
  open(id: string, userId: string | undefined, now: number): SessionHandle {
    const [name, user] = [JSON.stringify(id), userId === undefined ? null : JSON.stringify(userId)];
    const found = this.#find(name);
    if (found !== undefined && found.usedAt + this.#idleMs > now) {
      if (found.user !== user) throw sessionConflict(id);
      this.#sessions.noteUse.run({ now, openings: JSON.stringify([found.opening]) });
      return { id, opening: found.opening };
    }
    if (found !== undefined) this.end(found.opening);
    const opening = nextId();
    this.#sessions.add.run({ namespace: this.#namespace, name, user, opening, now });
    return { id, opening };
  }

  /** Returns the row of an opening: null for no session, undefined for one that has ended. */
  rowOf(session: SessionHandle | undefined): SessionRow | undefined {
    if (session === undefined) return null;
    const { opening } = session;
    return this.#sessions.findOpening.get({ namespace: this.#namespace, opening })?.['id'] as number | undefined;
  }

  /** Returns the row of whatever session has this id now; undefined when none has. */
  rowNow(session: SessionHandle | undefined): SessionRow | undefined {
    return session === undefined ? null : this.#find(JSON.stringify(session.id))?.id;
  }

  /** Ends a session with all that belongs to it, and tells whether it was open. */
  end(opening: string): boolean {
    return this.#sessions.end.get({ namespace: this.#namespace, opening }) !== undefined;
  }

  #find(name: string): OpenSessionRow | undefined {
    return this.#sessions.find.get({ namespace: this.#namespace, name }) as unknown as OpenSessionRow | undefined;
  }
}
