import assert from 'node:assert/strict';

import type { Session } from '../session.ts';
import type { AdapterAnswer, AdapterConnection, ToolInput } from './adapter-port.ts';

/** Says who calls, and how long it waits. */
export interface AdapterCallOptions {
  readonly session?: Session;
  readonly signal?: AbortSignal;
}

/** Calls tools through an adapter, each call with an id of its own, and checks that the answer carries it. */
export class AdapterClient {
  readonly #call: AdapterConnection;
  #calls = 0;

  constructor(call: AdapterConnection) {
    this.#call = call;
  }

  /** Is the id of the latest call. */
  get latestId(): string {
    return `call_${this.#calls}`;
  }

  /** Calls a tool and returns whatever comes back. */
  async call(toolName: string, input: ToolInput = {}, options: AdapterCallOptions = {}): Promise<AdapterAnswer> {
    this.#calls += 1;
    const toolCallId = this.latestId;
    const answer = await this.#call({ toolName, input, toolCallId, session: options.session, signal: options.signal });
    assert.equal(answer.toolCallId, toolCallId, 'the answer carries the id of another call');
    return answer;
  }

  /** Calls a tool that has to answer, and returns its result. */
  async value(toolName: string, input?: ToolInput, options?: AdapterCallOptions): Promise<unknown> {
    const answer = await this.call(toolName, input, options);
    assert.equal(answer.status, 'answered', `${toolName} failed: ${answer.message}`);
    return answer.value;
  }

  /** Calls a tool that has to fail, and returns what is said about it. */
  async failure(toolName: string, input?: ToolInput, options?: AdapterCallOptions): Promise<string> {
    const answer = await this.call(toolName, input, options);
    assert.equal(answer.status, 'failed', `${toolName} answered: ${JSON.stringify(answer.value)}`);
    return answer.message ?? '';
  }
}
