import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startValkey } from '@keepstep/test-servers';

/** Is a store that has to survive crashes. */
export interface CrashTarget extends AsyncDisposable {
  /** Is what workers open. */
  readonly url: string;
  /** Kills the server and starts it again; undefined where there is none. */
  readonly crash: (() => Promise<void>) | undefined;
}

/** Names a store that crashes are tested on, and for `valkey-server` that it is the server that is killed. */
export type CrashStore = 'sqlite' | 'valkey' | 'valkey-server';

/** Sets up a store that keeps what it has acknowledged. */
export async function openCrashTarget(store: CrashStore): Promise<CrashTarget> {
  if (store === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'keepstep-crashes-'));
    return {
      url: `sqlite:${join(folder, 'agent.db')}`,
      crash: undefined,
      [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
    };
  }
  const server = await startValkey({ appendOnly: 'always' });
  return {
    url: server.url,
    crash:
      store === 'valkey'
        ? undefined
        : async () => {
            await server.kill9();
            await server.restart();
          },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
