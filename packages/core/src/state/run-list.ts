import { checkArgument, checkOneOf } from '../option-checks.ts';
import { cursorOf, pageRequest } from './page-request.ts';
import type { RunListOptions } from './run-options.ts';
import type { StatePorts } from './state-ports.ts';

/** Knows which runs there are. */
export class RunList {
  readonly #ports: StatePorts;

  constructor(ports: StatePorts) {
    this.#ports = ports;
  }

  /** Returns a page of the ids of runs, sorted. */
  async list(
    options: RunListOptions = {},
  ): Promise<{ readonly ids: readonly string[]; readonly cursor: string | undefined }> {
    const request = pageRequest(options, ['status']);
    const { status } = options;
    if (status !== undefined) checkOneOf(status, 'status', ['running', 'completed', 'failed']);
    const page = await this.#ports.read('runs', ({ runs }) => runs.list({ ...request, status }));
    return { ids: page.keys, cursor: cursorOf(page) };
  }

  /** Removes a run with its log, and tells whether it was there. A worker that is at it finds the run lost. */
  async delete(id: string): Promise<boolean> {
    checkArgument(typeof id === 'string' && id !== '', 'id', id, 'a text that is not empty');
    return this.#ports.change(`run ${id}`, ({ runs }, operation) => runs.delete(operation, id));
  }
}
