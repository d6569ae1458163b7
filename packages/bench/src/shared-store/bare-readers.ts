import type { ValkeyServer } from '@keepstep/test-servers';
import { Redis } from 'iovalkey';

import { largeAnswer } from '../near-cache/tool.ts';
import type { SharedReader } from './shared-reader.ts';

/** Names the rows that verdicts compare with. */
export const BARE = {
  get: 'GET',
  parsed: 'GET, JSON.parse',
  pipelined: 'pipeline of GETs',
  pipelinedParsed: 'pipeline of GETs, JSON.parse',
} as const;

/** Lists the bare commands, one at a time: what the others are compared with. */
export function bareReaders(server: ValkeyServer): SharedReader[] {
  return [
    bare(server, BARE.get, 'the text, as it stands on the server', (text) => text),
    bare(server, BARE.parsed, 'an object, as a tool returns it', (text) => JSON.parse(text)),
  ];
}

/** Lists the bare commands, many at a time. */
export function pipelinedReaders(server: ValkeyServer): SharedReader[] {
  return [
    pipelined(server, BARE.pipelined, 'the texts, in one piece each way', (text) => text),
    pipelined(server, BARE.pipelinedParsed, 'objects, as a tool returns them', (text) => JSON.parse(text)),
    bare(server, 'GETs, auto-pipelined', 'the client gathers those of one turn', (text) => text, true),
    bare(server, 'GETs', 'each sent for itself', (text) => text),
  ];
}

function bare(
  server: ValkeyServer,
  contender: string,
  note: string,
  open: (text: string) => unknown,
  enableAutoPipelining = false,
): SharedReader {
  const client = new Redis({ host: server.host, port: server.port, enableAutoPipelining });
  return readerOf(client, contender, note, open);
}

function pipelined(
  server: ValkeyServer,
  contender: string,
  note: string,
  open: (text: string) => unknown,
): SharedReader {
  const client = new Redis({ host: server.host, port: server.port });
  return {
    ...readerOf(client, contender, note, open),
    async readAll(users) {
      const pipeline = client.pipeline();
      for (const user of users) pipeline.get(keyOf(user));
      const replies = (await pipeline.exec()) as [unknown, string][];
      return replies.map(([, text]) => open(text));
    },
  };
}

function readerOf(client: Redis, contender: string, note: string, open: (text: string) => unknown): SharedReader {
  return {
    contender,
    package: 'iovalkey',
    note,
    commands: { get: 1 },
    read: async (user) => open((await client.get(keyOf(user))) as string),
    fill: (users) => fill(client, users),
    [Symbol.asyncDispose]: async () => client.disconnect(),
  };
}

async function fill(client: Redis, users: readonly string[]): Promise<void> {
  for (const user of users) await client.set(keyOf(user), JSON.stringify(largeAnswer(user)), 'PX', 3_600_000);
}

function keyOf(user: string): string {
  return `bare:${user}`;
}
