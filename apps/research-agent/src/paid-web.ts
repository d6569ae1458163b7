import type { DataStore } from '@keepstep/core/state';
import type { WebApi } from '@keepstep/scenario-kit';

/** Is the web as a service that is paid for by the call. The bill is kept where no crash of the agent can reach it. */
export class PaidWeb {
  readonly #web: WebApi;
  readonly #bill: DataStore | undefined;
  readonly #asked: () => void;

  /**
   * @param bill counts each call when it arrives, whoever makes it; undefined for a web that nobody bills
   * @param asked is called when a call has been paid for and is not answered yet
   */
  constructor(web: WebApi, bill: DataStore | undefined, asked: () => void) {
    this.#web = web;
    this.#bill = bill;
    this.#asked = asked;
  }

  async search(query: string): ReturnType<WebApi['search']> {
    await this.#pay(`search ${query}`);
    return this.#web.search(query);
  }

  async fetchPage(url: string): ReturnType<WebApi['fetchPage']> {
    await this.#pay(`fetch ${url}`);
    return this.#web.fetchPage(url);
  }

  /** Lists what all processes have paid for, and how often. */
  async bill(): Promise<Readonly<Record<string, number>>> {
    const { entries } = (await this.#bill?.entries()) ?? { entries: new Map<string, unknown>() };
    return Object.fromEntries([...entries].map(([what, times]) => [what, Number(times)]));
  }

  async #pay(what: string): Promise<void> {
    await this.#bill?.increment(what);
    this.#asked();
  }
}
