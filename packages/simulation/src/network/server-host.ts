import type { Keyspace } from '../model/keyspace.ts';
import type { ModelConnection } from '../model/model-connection.ts';
import type { ModelServer } from '../model/model-server.ts';
import type { Reply } from '../resp/reply.ts';
import type { Link } from './link.ts';

/** Is one state of the data that a server may come back with. */
export interface Snapshot {
  readonly keys: Keyspace;
}

/** Is the machine on which the server runs: it pauses, dies, and comes back with what it had on disk. */
export class ServerHost {
  readonly model: ModelServer;
  readonly links = new Set<Link>();
  isDown = false;
  isPaused = false;
  /** Is by how much its clock is ahead of the true time, in milliseconds. */
  skewMs = 0;
  /** Is how far ahead it has ever been: what is to end at a moment of its own may have to wait for that. */
  highestSkewMs = 0;
  /** Counts how often data may have been lost or time may have jumped: what was acknowledged before may be gone. */
  upheavals = 0;

  /** Is the process that is not the primary now, once there was another. */
  #other: string | undefined;

  constructor(model: ModelServer) {
    this.model = model;
  }

  /** Runs a command. */
  execute(connection: ModelConnection, words: readonly string[]): readonly Reply[] {
    return this.model.execute(connection, words);
  }

  /** Lets all go on that has come during a pause. */
  resume(): void {
    this.isPaused = false;
    for (const link of this.links) link.serve();
  }

  /** Breaks every connection. */
  breakAll(): void {
    for (const link of this.links) link.break();
  }

  /** Takes the data down as it is now. */
  snapshot(): Snapshot {
    return { keys: this.model.keys.copy() };
  }

  /** Starts the server as another process, on data that may be old; scripts are not part of it. */
  restart({ keys }: Snapshot): void {
    this.#comeBack(keys);
    this.model.identity.restart();
  }

  /** Makes the other process the primary, whose data lags behind; the next time, the first one takes over again. */
  failOver({ keys }: Snapshot): void {
    this.#comeBack(keys);
    const { identity } = this.model;
    const before = identity.runId;
    identity.restart();
    if (this.#other !== undefined) identity.runId = this.#other;
    this.#other = before;
  }

  #comeBack(keys: Keyspace): void {
    this.upheavals += 1;
    this.breakAll();
    this.model.keys = keys.copy();
    this.model.scripts.flush();
    this.isDown = false;
  }
}
