import type { Entrant } from '../report/table.ts';

/** Is one way to read values that lie on a server: ours, a peer's, or the bare command. */
export interface SharedReader extends Entrant, AsyncDisposable {
  /** Returns the value of a user, which is there. */
  readonly read: (user: string) => Promise<unknown>;
  /** Puts the values of these users on the server, and makes what copies it keeps. */
  readonly fill: (users: readonly string[]) => Promise<void>;
  /** Reads many at once, where there is a better way than to call `read` for each. */
  readonly readAll?: (users: readonly string[]) => Promise<readonly unknown[]>;
  /** Says which commands the server processes for one hit, each with its number. */
  readonly commands: Readonly<Record<string, number>>;
}
