import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Starts below the ports that outgoing connections get, or one of them could take the port of a server that restarts. */
const FIRST = 12_000;
const LAST = 32_000;
const ATTEMPTS = 100;

const given = new Set<number>();

/** Returns a port of this machine that nobody listens on, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST, LAST);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`No free port was found between ${FIRST} and ${LAST}.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
