import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Is one request that has arrived. */
export interface ProviderRequest {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: any;
}

/** Is a server on this machine that plays a provider of models. */
export interface ProviderDouble extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly ProviderRequest[];
}

/** Starts a server that answers every request as `answer` says: with a body, or with a status and a body. */
export async function startProvider(
  answer: (request: ProviderRequest) => { readonly status?: number; readonly body: unknown },
): Promise<ProviderDouble> {
  const requests: ProviderRequest[] = [];
  const server = createServer((incoming, response) => {
    let text = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    incoming.on('end', () => {
      const request = { path: incoming.url, headers: incoming.headers, body: JSON.parse(text) };
      requests.push(request);
      const { status = 200, body } = answer(request);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
