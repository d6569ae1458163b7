import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Is something that was done at the upstream: a payment, so to speak. */
export interface Effect {
  readonly run: string;
  /** Counts the starts of the worker that has asked for it. */
  readonly life: number;
  /** Is the number of the write within the run. */
  readonly write: number;
}

/** Is what a worker asks the upstream to do. */
export interface EffectRequest extends Effect {
  readonly idempotencyKey: string;
  /** Says whether the upstream does a thing once for each idempotency key. */
  readonly honoursKeys: boolean;
}

/** Is an API that other people run: it stays when the worker dies, and it has no way back. */
export class Upstream implements AsyncDisposable {
  readonly effects: Effect[] = [];
  readonly #answers = new Map<string, string>();
  readonly #server: Server;
  #next: PromiseWithResolvers<void> = Promise.withResolvers();
  #withheld: Withheld | undefined;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    // A worker that is slow between two requests would otherwise find its connection closed.
    this.#server.keepAliveTimeout = 0;
  }

  static async start(): Promise<Upstream> {
    const upstream = new Upstream();
    upstream.#server.listen(0, '127.0.0.1');
    await once(upstream.#server, 'listening');
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when something is done the next time; the answer is on its way. */
  nextEffect(): Promise<void> {
    return this.#next.promise;
  }

  /** Keeps the answer back when something is done the next time: the worst moment for a worker to die, for it cannot know yet. */
  withholdNext(): WithheldAnswer {
    const [done, given] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const withheld = { done: done.resolve, given: given.promise };
    this.#withheld = withheld;
    return {
      done: done.promise,
      give: () => {
        given.resolve();
        if (this.#withheld === withheld) this.#withheld = undefined;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const chunks = await request.toArray();
      const count = this.effects.length;
      const answer = this.#do(JSON.parse(Buffer.concat(chunks).toString()) as EffectRequest);
      if (this.effects.length > count) await this.#withhold();
      response.end(answer);
    } catch {
      // The worker was killed while it asked.
      response.destroy();
    }
  }

  async #withhold(): Promise<void> {
    const withheld = this.#withheld;
    this.#withheld = undefined;
    withheld?.done();
    await withheld?.given;
  }

  #do({ run, life, write, idempotencyKey, honoursKeys }: EffectRequest): string {
    const known = honoursKeys ? this.#answers.get(idempotencyKey) : undefined;
    if (known !== undefined) return known;
    this.effects.push({ run, life, write });
    this.#next.resolve();
    this.#next = Promise.withResolvers();
    const answer = `receipt ${this.effects.length}`;
    this.#answers.set(idempotencyKey, answer);
    return answer;
  }
}

/** Is an answer that is kept back. */
export interface WithheldAnswer {
  /** Resolves when what it answers is done. */
  readonly done: Promise<void>;
  /** Lets it go, or the next one if nothing was done so far. */
  readonly give: () => void;
}

interface Withheld {
  readonly done: () => void;
  readonly given: Promise<void>;
}
