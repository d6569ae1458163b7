import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ProcessGuard } from '@keepstep/test-servers';

import type { HerdNotice, HerdOrder } from './herd-messages.ts';

const PROGRAM = join(import.meta.dirname, 'herd-process.ts');

/** Is a process of the herd. */
export class HerdMember {
  readonly #child: ChildProcess;
  readonly #guard: ProcessGuard;
  readonly #values = Promise.withResolvers<readonly number[]>();

  constructor(url: string, leaseMs: number, namespace: string, onLoading: (member: HerdMember) => void) {
    this.#child = fork(PROGRAM, [url, String(leaseMs), namespace], { execArgv: ['--conditions=keepstep-source'] });
    this.#guard = new ProcessGuard(this.#child.pid as number);
    this.#child.on('message', (notice: HerdNotice) => {
      if (notice.type === 'loading') onLoading(this);
      else this.#values.resolve(notice.values);
    });
  }

  /** Is what a load of this process returns. */
  get pid(): number {
    return this.#child.pid as number;
  }

  /** Reads the same, so and so often at once, and resolves when all have returned. */
  read(times: number): Promise<readonly number[]> {
    this.#order({ type: 'read', times });
    return this.#values.promise;
  }

  /** Lets the load of this process return. */
  finish(): void {
    this.#order({ type: 'finish' });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  end(): void {
    this.#child.kill('SIGKILL');
    this.#guard.release();
  }

  #order(order: HerdOrder): void {
    this.#child.send(order);
  }
}
