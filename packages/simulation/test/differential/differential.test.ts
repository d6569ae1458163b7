import { seededRandom } from '@keepstep/core/testing';
import { startValkey, type ValkeyServer } from '@keepstep/test-servers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { LuaMachine } from '../../src/lua/lua-machine.ts';
import { ModelConnection } from '../../src/model/model-connection.ts';
import { ModelServer } from '../../src/model/model-server.ts';
import { encodeReply } from '../../src/resp/encode-reply.ts';
import { ReplyParser } from '../../src/resp/reply-parser.ts';
import type { Reply } from '../../src/resp/reply.ts';
import { comparable } from './comparable.ts';
import { RandomCommands } from './random-commands.ts';
import { randomScript } from './random-scripts.ts';
import { ServerSocket } from './server-socket.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const COMMANDS = 2500;

describe('the model of the server', () => {
  let real: ValkeyServer;
  let socket: ServerSocket;
  let machine: LuaMachine;
  let model: ModelServer;
  let connection: ModelConnection;
  const parser = new ReplyParser();

  beforeAll(async () => {
    real = await startValkey({ save: false });
    socket = await ServerSocket.open(real.socketPath);
    machine = await LuaMachine.create();
  });

  afterAll(async () => {
    socket.close();
    await real.stop();
  });

  beforeEach(async () => {
    await socket.send(['FLUSHALL']);
    model = new ModelServer({ machine, now: () => Date.now(), random: seededRandom(1) });
    connection = new ModelConnection(1, () => undefined);
  });

  /** Sends commands to both, and describes those that they answer differently: the first few, for one leads to another. */
  async function differences(seed: number, count: number, draw: () => readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (let index = 0; index < count && found.length < 3; index += 1) {
      const words = draw();
      const expected = await socket.send(words);
      const [actual = null] = parser.push(encodeReply(model.execute(connection, words)[0] ?? null));
      const [name, now] = [words[0] as string, Date.now()];
      const [ours, theirs] = [comparable(actual, name, now), comparable(expected, name, now)];
      if (ours !== theirs) {
        found.push(`seed ${seed}, command ${index}: ${JSON.stringify(words)}\n  real  ${theirs}\n  model ${ours}`);
      }
    }
    return found;
  }

  it.each(SEEDS)('answers every command as a real server does, seed %i', async (seed) => {
    const commands = new RandomCommands(seededRandom(seed));
    expect(await differences(seed, COMMANDS, () => commands.next())).toEqual([]);
  });

  it.each(SEEDS)('answers every script as a real server does, seed %i', async (seed) => {
    const random = seededRandom(seed + 1000);
    const commands = new RandomCommands(random);
    expect(await differences(seed, COMMANDS, () => randomScript(commands, random))).toEqual([]);
  });

  it.each(SEEDS)('refuses what a full server refuses, and what a replica does, seed %i', async (seed) => {
    const random = seededRandom(seed + 2000);
    const commands = new RandomCommands(random);
    const draw = (): string[] => (random() < 0.5 ? commands.next() : randomScript(commands, random));
    const found = await differences(seed, 300, draw);
    await socket.send(['CONFIG', 'SET', 'maxmemory', '1']);
    model.isFull = true;
    found.push(...(await differences(seed, 500, draw)));
    await socket.send(['CONFIG', 'SET', 'maxmemory', '0']);
    model.isFull = false;
    await socket.send(['REPLICAOF', '127.0.0.1', '1']);
    model.isReplica = true;
    found.push(...(await differences(seed, 500, draw)));
    await socket.send(['REPLICAOF', 'NO', 'ONE']);
    expect(found).toEqual([]);
  });

  it('draws fields of a hash as a real server does, in whatever order', async () => {
    const draw = async (...words: string[]): Promise<[unknown, unknown]> => {
      const own = parser.push(encodeReply(model.execute(connection, ['HRANDFIELD', ...words])[0] ?? null))[0] ?? null;
      const inAnyOrder = (reply: Reply): unknown => (Array.isArray(reply) ? new Set(reply) : reply);
      return [inAnyOrder(own), inAnyOrder(await socket.send(['HRANDFIELD', ...words]))];
    };
    for (const words of [['h', '3', 'WITHVALUES'], ['h'], ['h', '2']]) {
      const [ours, theirs] = await draw(...words);
      expect(ours).toEqual(theirs);
    }
    const setUp = ['HSET', 'h', 'a', '1', 'b', '2', 'c', '3'];
    model.execute(connection, setUp);
    await socket.send(setUp);
    for (const words of [
      ['3', 'WITHVALUES'],
      ['50', 'withvalues'],
      ['50'],
      ['0'],
      ['0', 'WITHVALUES'],
      ['x', 'WITHVALUES'],
      ['3', 'WITH'],
      ['3', 'WITHVALUES', 'x'],
      ['x', 'y', 'z'],
    ]) {
      const [ours, theirs] = await draw('h', ...words);
      expect(ours).toEqual(theirs);
    }
    const [ours, theirs] = await draw('h', '2', 'WITHVALUES');
    expect([ours, theirs]).toEqual([expect.objectContaining({ size: 4 }), expect.objectContaining({ size: 4 })]);
  });

  it('keeps a key for the time that a real server keeps it', async () => {
    const setUp = [
      ['SET', 's0', 'x', 'PX', '700000'],
      ['SET', 's1', 'x', 'EX', '800'],
      ['SET', 's2', 'x', 'PX', '800000'],
      ['SET', 's2', 'y', 'KEEPTTL'],
      ['SET', 's3', 'x', 'PX', '800000'],
      ['SET', 's3', 'y'],
      ['SET', 's4', 'x', 'PX', '800000'],
      ['APPEND', 's4', 'y'],
      ['HSET', 'h0', 'a', 'b'],
      ['PEXPIRE', 'h0', '600000'],
      ['HSET', 'h0', 'c', 'd'],
    ];
    for (const words of setUp) {
      await socket.send(words);
      model.execute(connection, words);
    }
    for (const name of ['s0', 's1', 's2', 's3', 's4', 'h0', 'nothing']) {
      const [actual] = model.execute(connection, ['PTTL', name]);
      const expected = await socket.send(['PTTL', name]);
      expect(Math.abs(Number(actual) - Number(expected))).toBeLessThan(60_000);
    }
  });
});
