import type { ValkeyServer } from '@keepstep/test-servers';

/** Is what a server did for some work: its commands, and the time that it spent in them. */
export interface ServerWork {
  /** Holds the number of times that each command ran, those that scripts ran included. */
  readonly commands: Readonly<Record<string, number>>;
  /** Is the time within commands that came from a client, in nanoseconds. */
  readonly serverNs: number;
}

/** Tells what a server did while some work ran. Nobody else may use it meanwhile. */
export async function workOf(server: ValkeyServer, work: () => Promise<unknown>): Promise<ServerWork> {
  await server.command('CONFIG', 'RESETSTAT');
  await work();
  const lines = String(await server.command('INFO', 'commandstats')).matchAll(LINE);
  const stats = [...lines].map(([, name, calls, usec]) => [String(name), Number(calls), Number(usec)] as const);
  const own = stats.filter(([name]) => !OURS.has(name));
  const scripts = own.filter(([name]) => name === 'evalsha' || name === 'eval');
  // What a script runs is counted for itself, and in the time of the script once more.
  const timed = scripts.length > 0 ? scripts : own;
  return {
    commands: Object.fromEntries(own.map(([name, calls]) => [name, calls])),
    serverNs: timed.reduce((sum, [, , usec]) => sum + usec * 1000, 0),
  };
}

const LINE = /^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/gm;

/** Names what the count itself sends, and what servers say to one another. */
const OURS = new Set(['config|resetstat', 'info', 'auth', 'replconf', 'ping', 'command']);
