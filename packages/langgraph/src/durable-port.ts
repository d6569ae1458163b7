import { KeepstepError } from '@keepstep/core';
import { StateError } from '@keepstep/core/state';

const ATTEMPTS = 3;

/** Says in the errors of a port what it keeps. */
export interface PortWords {
  /** Names all of it, for example `The checkpoints`. */
  readonly all: string;
  /** Names one of it, for example `a checkpoint`. */
  readonly one: string;
  /** Names what a subject is, for example `thread`. */
  readonly subject: string;
}

/**
 * Asks a port of the store, and fails closed: an answer, or an error that says what is known.
 *
 * All that it is asked for may be asked for again, so a reply that was lost is no guess.
 */
export class DurablePort<Port> {
  readonly #open: () => Port | Promise<Port>;
  readonly #words: PortWords;
  #opened: Port | undefined;

  constructor(open: () => Port | Promise<Port>, words: PortWords) {
    this.#open = open;
    this.#words = words;
  }

  /**
   * Asks for something that changes nothing.
   *
   * @throws StateError `state_unavailable` when the store fails
   */
  read<Answer>(subject: string, request: (port: Port) => Answer): Promise<Awaited<Answer>> {
    return this.#attempt(request, (cause) => {
      const message = `${this.#words.all} cannot be read: ${this.#about(subject)}. ${cause.message}`;
      return new StateError('state_unavailable', message, { subject }, { cause });
    });
  }

  /**
   * Asks for a change.
   *
   * @throws StateError `outcome_unknown` when the store fails
   */
  change<Answer>(subject: string, request: (port: Port) => Answer): Promise<Awaited<Answer>> {
    return this.#attempt(request, (cause) => {
      const message =
        `The store failed, so it is unknown whether ${this.#words.one} was changed: ${this.#about(subject)}. ` +
        `The same call may be made again. ${cause.message}`;
      return new StateError('outcome_unknown', message, { subject }, { cause });
    });
  }

  #about(subject: string): string {
    return `${this.#words.subject} ${JSON.stringify(subject)}`;
  }

  async #attempt<Answer>(
    request: (port: Port) => Answer,
    failure: (cause: Error) => StateError,
  ): Promise<Awaited<Answer>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request((this.#opened ??= await this.#open()));
      } catch (error) {
        if (KeepstepError.isInstance(error) && !error.code.startsWith('store_')) throw error;
        if (attempt === ATTEMPTS) throw failure(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}
