import { spawn, type ChildProcess } from 'node:child_process';

/** Waits for a line or the end of its input; without a line, whoever held the other end of the pipe is dead. */
const SCRIPT = 'read -r line && exit; kill -9 "$1" 2>/dev/null; [ -z "$2" ] || { sleep 0.1; rm -rf -- "$2"; }';

/**
 * Kills a process and removes its folder, if it has one, as soon as this process is gone, in whatever way, SIGKILL included.
 *
 * A handler of `exit` would not run then. A shell in a session of its own holds the reading end of a pipe, whose writing
 * end closes with us.
 */
export class ProcessGuard {
  readonly #shell: ChildProcess;

  constructor(pid: number, folder = '') {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT, 'guard', String(pid), folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#shell.unref();
    const pipe = this.#shell.stdin as NonNullable<ChildProcess['stdin']> & { unref?(): void };
    pipe.unref?.();
    // The guard may be gone before it is told to go.
    pipe.on('error', () => undefined);
  }

  /** Lets the process go: it has ended. */
  release(): void {
    this.#shell.stdin?.end('released\n');
  }
}
