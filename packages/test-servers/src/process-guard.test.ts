import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

import { waitUntil } from './wait-until.ts';

/** Starts two servers, pauses one, tells where they are, and goes on when it is told to. */
const PROGRAM = `
  import { startValkey } from '${join(import.meta.dirname, 'valkey-server.ts')}';
  const servers = [await startValkey(), await startValkey()];
  servers[1].pause();
  console.log(JSON.stringify(servers.map(({ port, folder }) => ({ port, folder }))));
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.destroy();
`;

interface Started {
  readonly port: number;
  readonly folder: string;
}

/** Tells whether the kernel accepts connections for a server; it does so for one that is paused. */
function isAlive({ port }: Started): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => resolve(socket.destroy().destroyed));
  });
}

async function start(rest: string) {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', PROGRAM + rest], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const servers = JSON.parse((await lines.next()).value as string) as Started[];
  return { child, ended, servers };
}

describe('a server whose test process is gone', () => {
  it.each([
    ['is killed', 'setInterval(() => {}, 1000);', 'SIGKILL'],
    ['throws', 'throw new Error("on purpose");', undefined],
    ['forgets to stop it', '', undefined],
    ['exits', 'process.exit(0);', undefined],
  ] as const)('ends with its folder when that process %s', async (_, rest, signal) => {
    const { child, ended, servers } = await start(rest);
    expect(servers.map(({ folder }) => existsSync(folder))).toEqual([true, true]);
    expect(await Promise.all(servers.map(isAlive))).toEqual([true, true]);
    child.stdin.write('go on\n');
    if (signal !== undefined) child.kill(signal);
    await ended;
    await waitUntil('the servers are gone', async () => !(await Promise.all(servers.map(isAlive))).includes(true));
    await waitUntil('their folders are gone', () => !servers.some(({ folder }) => existsSync(folder)));
  });
});
