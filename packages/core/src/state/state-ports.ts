import type { Clock } from '../clock.ts';
import { KeepstepError, messageOf, StateError } from '../errors.ts';
import { nextId } from '../id.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { StateStore } from '../store/state-store.ts';
import type { Store } from '../store/store.ts';
import type { ValueRules } from './value-text.ts';

const ATTEMPTS = 3;

/**
 * Asks the store on behalf of everything that keeps state, and fails closed: an answer, or an error that says what is
 * known.
 *
 * A change is asked for again under the same operation id when the store fails, which is harmless: carried out or not, it
 * is carried out once. If it fails each time, the outcome is unknown, and the error carries the id for whoever wants to go
 * on trying.
 */
export class StatePorts {
  readonly clock: Clock;
  readonly rules: ValueRules;
  readonly #store: Store;
  readonly #namespace: string;
  #opened: StateStore | undefined;

  constructor(store: Store, namespace: string, clock: Clock, rules: ValueRules) {
    this.clock = clock;
    this.rules = rules;
    this.#store = store;
    this.#namespace = namespace;
  }

  /**
   * Asks for something that changes nothing.
   *
   * @param subject says what it is about, for the error
   * @throws StateError `state_unavailable` when the store fails
   */
  async read<Answer>(subject: string, request: (state: StateStore) => MaybePromise<Answer>): Promise<Answer> {
    return this.#attempt(request, (cause) => {
      const message = `The store cannot be read: ${subject}. ${messageOf(cause)}`;
      return new StateError('state_unavailable', message, { subject }, { cause });
    });
  }

  /**
   * Asks for a change.
   *
   * @param operationId repeats an earlier change. Default: a new one
   * @throws StateError `outcome_unknown` when the store fails
   */
  async change<Answer>(
    subject: string,
    request: (state: StateStore, operationId: string) => MaybePromise<Answer>,
    operationId: string = nextId(),
  ): Promise<Answer> {
    return this.#attempt(
      (state) => request(state, operationId),
      (cause) => {
        const message =
          `The store failed, so it is unknown whether this was changed: ${subject}. ` +
          `Repeat it with operationId ${JSON.stringify(operationId)} within a minute, or look first. ${messageOf(cause)}`;
        return new StateError('outcome_unknown', message, { subject, operationId }, { cause });
      },
    );
  }

  async #attempt<Answer>(
    request: (state: StateStore) => MaybePromise<Answer>,
    failure: (cause: unknown) => StateError,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request((this.#opened ??= await this.#open()));
      } catch (error) {
        if (KeepstepError.isInstance(error) && !error.code.startsWith('store_')) throw error;
        if (attempt === ATTEMPTS) throw failure(error);
      }
    }
  }

  async #open(): Promise<StateStore> {
    const { name } = this.#store;
    if (this.#store.state === undefined) {
      throw new StateError('state_unsupported', `The store "${name}" keeps no durable state.`, { subject: name });
    }
    return this.#store.state(this.#namespace);
  }
}
