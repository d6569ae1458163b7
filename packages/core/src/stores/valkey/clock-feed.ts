import type { Clock } from '../../clock.ts';
import { ClockMirror } from '../../freshness/clock-mirror.ts';
import type { SessionHandle } from '../../store/entry-store.ts';
import { MEMBER, readMembers } from './clock-members.ts';
import { ClockProof } from './clock-proof.ts';
import type { Partition } from './key-layout.ts';
import { syncScript } from './lua/sync.generated.ts';
import { SharedCall } from './shared-call.ts';
import type { ValkeyConnection } from './valkey-connection.ts';

/** Keeps the mirror of one partition's clock up to date. */
export class ClockFeed {
  readonly mirror: ClockMirror;
  readonly #connection: ValkeyConnection;
  readonly #partition: Partition;
  readonly #clock: Clock;
  readonly #shared: SharedCall<ClockProof | undefined> = new SharedCall(() => this.#sync());
  #heard = -Infinity;
  #heardWall = -Infinity;

  /** @param onReset is called when nothing that was copied under an epoch can be judged any more */
  constructor(connection: ValkeyConnection, partition: Partition, clock: Clock, onReset: (epoch: string) => void) {
    this.#connection = connection;
    this.#partition = partition;
    this.#clock = clock;
    this.mirror = new ClockMirror((epoch) => {
      // What begins anew knows nothing of the invalidations before it, those of this process included.
      this.#heard = -Infinity;
      onReset(epoch);
    });
  }

  /**
   * Asks the server what was invalidated since; one question serves all who ask in the same turn.
   *
   * @returns undefined when copies cannot be judged now
   */
  sync(): Promise<ClockProof | undefined> {
    return this.#shared.ask();
  }

  /** Tells whether the mirror was up to date less than a while ago. */
  isFresh(maxStalenessMs: number): boolean {
    // Both clocks: a machine that sleeps stops the one, and somebody may set the other back.
    return (
      performance.now() - this.#heard < maxStalenessMs && Math.abs(this.#clock.now() - this.#heardWall) < maxStalenessMs
    );
  }

  /** Takes note of what an answer to another question said: the clock stood there when the entry was valid. */
  adopt(epoch: string, seq: number): void {
    if (this.mirror.epoch === undefined) this.mirror.start(epoch, seq, 0);
    else if (this.mirror.epoch !== epoch) this.mirror.reset();
  }

  /**
   * Takes in a reading.
   *
   * @param sent is what was known when the question was sent
   * @param fence is the incarnation of the server where the answer does not prove it by itself
   */
  take(
    list: readonly (string | Buffer)[],
    sent: FeedMoment,
    proof: { readonly fence?: string; readonly epoch?: string; readonly seq?: number; readonly floor?: number } = {},
  ): ClockProof | undefined {
    if (!this.#isAnswerable(sent)) return undefined;
    const members = readMembers(list);
    const epoch = proof.epoch ?? members.epoch;
    if (epoch === undefined || (proof.fence !== undefined && members.fence !== proof.fence)) {
      this.mirror.reset();
      return undefined;
    }
    const { seq = proof.seq, floor = proof.floor, copyFloor, moved } = members;
    if (!this.mirror.read({ epoch, seq, floor, copyFloor, moved }, sent.applied)) return undefined;
    return this.#hear(sent);
  }

  /** Is what is known now, for a question that is about to be sent. */
  moment(): FeedMoment {
    return {
      generation: this.#connection.generation,
      life: this.mirror.life,
      applied: this.mirror.applied,
      epoch: this.mirror.epoch,
      at: performance.now(),
      wall: this.#clock.now(),
    };
  }

  #hear({ at, wall }: FeedMoment): ClockProof {
    if (at > this.#heard) {
      this.#heard = at;
      this.#heardWall = wall;
    }
    return new ClockProof(this.mirror);
  }

  async #sync(): Promise<ClockProof | undefined> {
    const { fence } = this.#connection;
    const sent = this.moment();
    if (fence === '') return this.#syncByScript(sent);
    if (sent.epoch === undefined) return this.#start(sent, fence);
    const list = await this.#connection.plain('sync', (client) =>
      client.zrange(this.#partition.clock, `(${sent.applied}`, '+inf', 'BYSCORE', 'WITHSCORES'),
    );
    return this.take(list, sent, { fence });
  }

  /** Begins to mirror from where the clock stands: what was invalidated before need not be known. */
  async #start(sent: FeedMoment, fence: string): Promise<ClockProof | undefined> {
    const parts = [MEMBER.epoch, MEMBER.seq, MEMBER.floor, MEMBER.fence];
    const [epoch, seq, floor, found] = await this.#connection.plain('sync', (client) =>
      client.zmscore(this.#partition.clock, ...parts),
    );
    if (!this.#isAnswerable(sent) || found !== fence) return undefined;
    if (typeof epoch !== 'string' || typeof seq !== 'string' || typeof floor !== 'string') return undefined;
    this.mirror.start(epoch, Number(seq), Number(floor));
    return this.#hear(sent);
  }

  async #syncByScript(sent: FeedMoment): Promise<ClockProof | undefined> {
    const reply = (await this.#connection.run(
      syncScript,
      true,
      [this.#partition.clock],
      [sent.epoch ?? '', sent.applied, '', 0],
    )) as ScriptReading;
    return this.takeScript(reply, sent);
  }

  /** Takes in the answer of the script. */
  takeScript([epoch, seq, floor, list]: ScriptReading, sent: FeedMoment): ClockProof | undefined {
    if (!this.#isAnswerable(sent)) return undefined;
    if (epoch === undefined || seq === undefined || floor === undefined || list === undefined) {
      this.mirror.reset();
      return undefined;
    }
    const known = String(epoch);
    if (known === sent.epoch) return this.take(list, sent, { epoch: known, seq, floor });
    this.mirror.start(known, seq, floor);
    return this.#hear(sent);
  }

  /** Tells whether an answer still concerns this connection, and the mirror that the question was about. */
  #isAnswerable(sent: FeedMoment): boolean {
    return sent.generation === this.#connection.generation && sent.life === this.mirror.life;
  }
}

/** Is what was known when a question was sent. */
export interface FeedMoment {
  readonly generation: number;
  readonly life: number;
  readonly applied: number;
  readonly epoch: string | undefined;
  readonly at: number;
  readonly wall: number;
}

/** Is the answer of the script `sync`. */
export type ScriptReading = readonly [
  epoch?: Buffer,
  seq?: number,
  floor?: number,
  list?: readonly Buffer[],
  session?: readonly Buffer[] | Buffer,
];

/** Keeps the mirror of one session up to date: of the tags in its own tree. */
export class SessionFeed {
  readonly mirror: ClockMirror = new ClockMirror(() => undefined);
  /** Is when the session was last told on the server to live on, on the caller's clock. */
  touchedAt: number = -Infinity;
  readonly #connection: ValkeyConnection;
  readonly #clockFeed: ClockFeed;
  readonly #partition: Partition;
  readonly #session: SessionHandle;
  readonly #key: string;
  readonly #shared: SharedCall<ClockProof | undefined> = new SharedCall(() => this.#sync());

  constructor(
    connection: ValkeyConnection,
    clockFeed: ClockFeed,
    partition: Partition,
    session: SessionHandle,
    key: string,
  ) {
    this.#connection = connection;
    this.#clockFeed = clockFeed;
    this.#partition = partition;
    this.#session = session;
    this.#key = key;
  }

  /**
   * Asks what was invalidated in the session and in its partition since.
   *
   * @returns undefined when copies cannot be judged now
   */
  sync(): Promise<ClockProof | undefined> {
    return this.#shared.ask();
  }

  /** Is the epoch of a copy in the mirror of the session. */
  epochOf(epoch: string): string {
    return `${this.#session.opening}/${epoch}`;
  }

  async #sync(): Promise<ClockProof | undefined> {
    const { generation, fence } = this.#connection;
    const { applied, life } = this.mirror;
    const [clock, list] = fence === '' ? await this.#askByScript(applied) : await this.#ask(applied);
    if (generation !== this.#connection.generation || life !== this.mirror.life) return undefined;
    if (clock === undefined || list === undefined) return undefined;
    const { opening, numberedBy, newest, floor, moved } = readMembers(list);
    if (opening !== this.#session.opening || numberedBy === undefined) {
      this.mirror.reset();
      return undefined;
    }
    const epoch = this.epochOf(numberedBy);
    if (this.mirror.epoch === undefined) this.mirror.start(epoch, 0, 0);
    const isRead = this.mirror.read({ epoch, seq: newest > applied ? newest : undefined, floor, moved }, applied);
    return isRead ? new ClockProof(this.mirror, clock) : undefined;
  }

  #ask(applied: number): Promise<SessionAnswer> {
    const clock = this.#clockFeed.sync();
    const own = this.#connection.plain('sync', (client) =>
      client.zrange(this.#key, `(${applied}`, '+inf', 'BYSCORE', 'WITHSCORES'),
    );
    return Promise.all([clock, own]);
  }

  /** Asks for both in one step: a script answers for two keys as for one. */
  async #askByScript(applied: number): Promise<SessionAnswer> {
    const sent = this.#clockFeed.moment();
    const args = [sent.epoch ?? '', sent.applied, this.#session.opening, applied];
    const reply = (await this.#connection.run(
      syncScript,
      true,
      [this.#partition.clock, this.#key],
      args,
    )) as ScriptReading;
    const clock = this.#clockFeed.takeScript(reply, sent);
    const list = reply[4];
    return [clock, Array.isArray(list) ? (list as readonly Buffer[]) : undefined];
  }
}

/** Is what the server says of the partition and of the session. */
type SessionAnswer = readonly [clock: ClockProof | undefined, list: readonly (string | Buffer)[] | undefined];
