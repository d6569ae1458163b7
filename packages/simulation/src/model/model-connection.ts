import type { Reply } from '../resp/reply.ts';

/** Is a client as the server sees it. */
export class ModelConnection {
  readonly id: number;
  readonly channels = new Set<string>();
  /** Receives what the server sends without being asked. */
  readonly push: (message: Reply) => void;
  name = '';
  /** Holds the commands of a transaction that was begun. */
  queued: (readonly string[])[] | undefined;
  /** Says that a command of the transaction could not be queued. */
  isSpoilt = false;

  constructor(id: number, push: (message: Reply) => void) {
    this.id = id;
    this.push = push;
  }
}
