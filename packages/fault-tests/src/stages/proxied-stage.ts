import { startProxy, startValkey, type Proxy, type ValkeyServer } from '@keepstep/test-servers';

import type { Stage } from './stage.ts';

/** Is one server behind a proxy. */
export interface ProxiedStage extends Stage {
  readonly server: ValkeyServer;
  readonly proxy: Proxy;
}

/** Starts one server and a proxy in front of it. */
export async function openProxiedStage(random: () => number): Promise<ProxiedStage> {
  const server = await startValkey();
  const proxy = await startProxy(server, random);
  return {
    server,
    proxy,
    target: { kind: 'server', host: proxy.host, port: proxy.port },
    stop: async () => {
      await proxy.stop();
      await server.stop();
    },
  };
}
