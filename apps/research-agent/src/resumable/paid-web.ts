import { systemClock } from '@keepstep/core';
import { WebApi } from '@keepstep/scenario-kit';

/** Is the web as a service that is paid for by the call; what was paid is said at once, for a crash takes all accounts along. */
export class PaidWeb {
  readonly #web = new WebApi(systemClock);
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Counts the calls that this process has paid for. */
  get paidCalls(): number {
    return this.#web.upstream.total;
  }

  search(query: string): ReturnType<WebApi['search']> {
    this.#say(`  paid: search for ${JSON.stringify(query)}`);
    return this.#web.search(query);
  }

  fetchPage(url: string): ReturnType<WebApi['fetchPage']> {
    this.#say(`  paid: fetch ${url}`);
    return this.#web.fetchPage(url);
  }
}
