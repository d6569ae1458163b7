import { startValkey, type ValkeyServer } from '@keepstep/test-servers';

import type { Stage } from './stage.ts';

/** Is one server. */
export interface SingleStage extends Stage {
  readonly server: ValkeyServer;
}

/** Starts one server. */
export async function openSingleStage(): Promise<SingleStage> {
  const server = await startValkey();
  return {
    server,
    target: { kind: 'server', host: server.host, port: server.port },
    stop: () => server.stop(),
  };
}
