import { Redis } from 'iovalkey';

/** Says where a server is reached. */
export type ServerAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** Bounds the answer of one command, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Sends one command over a connection of its own, so that nothing outlives it, and returns the reply. */
export async function sendCommand(
  address: ServerAddress,
  password: string | undefined,
  name: string,
  ...args: readonly (string | number)[]
): Promise<unknown> {
  const client = new Redis({
    ...address,
    ...(password === undefined ? {} : { password }),
    lazyConnect: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    // Where no connection came about, the client would wait for its end for 2 s and keep the process alive.
    disconnectTimeout: 0,
  });
  // What goes wrong rejects below; without a listener it would be printed as well.
  let failure: unknown;
  client.on('error', (error: unknown) => (failure = error));
  try {
    await client.connect();
    return await client.call(name, ...args);
  } catch (error) {
    throw new Error(
      `${name} failed at ${'path' in address ? address.path : address.port}: ${String(failure ?? error)}`,
      {
        cause: error,
      },
    );
  } finally {
    client.disconnect();
  }
}
