import type { ValkeyServer } from '@keepstep/test-servers';
import { Redis } from 'iovalkey';

import { Sink } from '../measure/sink.ts';
import { timeAwaitedCalls, type InputReel } from '../measure/stopwatch.ts';
import { NewCallReel } from '../near-cache/new-call-reel.ts';
import { largeAnswer } from '../near-cache/tool.ts';
import { keepstepShop } from './keepstep-shop.ts';
import type { SharedCourse } from './shared-course.ts';

/** Lists those who load a result that is not there, and store it. */
export function sharedMisses(server: ValkeyServer): SharedCourse[] {
  return [bare(server, 'GET, then SET', 'two round trips', ask), missing(server)];
}

/** Lists those who make a change known to all. */
export function sharedChanges(server: ValkeyServer): SharedCourse[] {
  return [
    bare(server, 'ZADD', 'one number for one member', raise),
    changing(server, 'Keepstep cache.invalidate', 'one script, all tags of the path', async ({ cache }, user) => {
      await cache.invalidate(['cart', user]);
      return true;
    }),
    changing(server, 'Keepstep cache.write, with barrier', 'two scripts, before and after the tool', (shop, user) =>
      shop.write(user),
    ),
  ];
}

async function ask(client: Redis, user: string): Promise<boolean> {
  if ((await client.get(`miss:${user}`)) === null) {
    await client.set(`miss:${user}`, JSON.stringify(largeAnswer(user)), 'PX', 3_600_000);
  }
  return true;
}

async function raise(client: Redis, user: string): Promise<boolean> {
  await client.zadd('changes', 1, user);
  return true;
}

function bare(
  server: ValkeyServer,
  contender: string,
  note: string,
  work: (client: Redis, user: string) => Promise<boolean>,
): SharedCourse {
  const client = new Redis({ host: server.host, port: server.port });
  const users = new NewCallReel() as InputReel<string>;
  const sink = new Sink();
  return {
    contender,
    name: contender,
    package: 'iovalkey',
    note,
    run: (turns) => timeAwaitedCalls((user: string) => work(client, user), users, turns, sink),
    verify: () => undefined,
    [Symbol.asyncDispose]: async () => client.disconnect(),
  };
}

function missing(server: ValkeyServer): SharedCourse {
  const shop = keepstepShop(server);
  const users = new NewCallReel();
  const sink = new Sink();
  const contender = 'Keepstep cache.read, a miss';
  return {
    contender,
    name: contender,
    package: '@keepstep/core',
    note: 'looks, takes the lease with its stamp; stores behind the caller',
    run: (turns) => timeAwaitedCalls(shop.read, users as InputReel<string>, turns, sink),
    verify() {
      shop.verify();
      if (shop.tool.calls !== users.handedOut) {
        throw new Error(`${contender}: ${shop.tool.calls} loads for ${users.handedOut} calls.`);
      }
    },
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  };
}

function changing(
  server: ValkeyServer,
  contender: string,
  note: string,
  change: (shop: ReturnType<typeof keepstepShop>, user: string) => Promise<boolean>,
): SharedCourse {
  const shop = keepstepShop(server);
  const users = new NewCallReel();
  const sink = new Sink();
  return {
    contender,
    name: contender,
    package: '@keepstep/core',
    note,
    run: (turns) => timeAwaitedCalls((user: string) => change(shop, user), users as InputReel<string>, turns, sink),
    verify() {
      shop.verify();
      const { invalidations } = shop.cache.metrics();
      if (invalidations < users.handedOut) throw new Error(`${contender}: ${invalidations} of ${users.handedOut}.`);
    },
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  };
}
