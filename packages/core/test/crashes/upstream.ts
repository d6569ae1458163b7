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

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
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

  /** Resolves when something is done the next time: the worst moment for a worker to die, for it does not know yet. */
  nextEffect(): Promise<void> {
    return this.#next.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const chunks = await request.toArray();
      response.end(this.#do(JSON.parse(Buffer.concat(chunks).toString()) as EffectRequest));
    } catch {
      // The worker was killed while it asked.
      response.destroy();
    }
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
