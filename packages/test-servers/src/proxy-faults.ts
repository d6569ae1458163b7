/** Says how long bytes take through the proxy, each way. */
export interface Delay {
  /** Is the least time, in milliseconds. Default: 0. */
  readonly ms?: number;
  /** Is how much longer it may take, evenly spread, in milliseconds. Default: 0. */
  readonly jitterMs?: number;
}

/** Says which replies are lost. */
export interface ReplyLoss {
  /** Names the commands it may strike; all of them where none are named. */
  readonly commands?: readonly string[];
  /** Picks among them by all that was sent, the name first. Default: all. */
  readonly matching?: (words: readonly string[]) => boolean;
  /** Is the chance of each. Default: 1. */
  readonly rate?: number;
  /** Bounds how many are lost. Default: no bound. */
  readonly count?: number;
}

/** Holds what is wrong with the connections of a proxy at the moment. */
export class ProxyFaults {
  isHalfOpen = false;
  refusesConnections = false;
  mutesSubscribers = false;
  delay: Delay = {};
  readonly #random: () => number;
  #loss: ReplyLoss | undefined;
  #lost = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Sets which replies are lost from now on, and counts anew. */
  loseReplies(loss: ReplyLoss | undefined): void {
    this.#loss = loss;
    this.#lost = 0;
  }

  /** Counts the replies that were lost since that was last set. */
  get lostReplies(): number {
    return this.#lost;
  }

  delayMs(): number {
    const { ms = 0, jitterMs = 0 } = this.delay;
    return jitterMs === 0 ? ms : ms + this.#random() * jitterMs;
  }

  /** Decides whether the reply to this command is lost. */
  losesReplyTo(command: string, words: readonly string[]): boolean {
    const { commands, matching, rate = 1, count = Infinity } = this.#loss ?? { count: 0 };
    if (this.#lost >= count || (commands !== undefined && !commands.includes(command))) return false;
    if (matching !== undefined && !matching(words)) return false;
    if (rate < 1 && this.#random() >= rate) return false;
    this.#lost += 1;
    return true;
  }
}
