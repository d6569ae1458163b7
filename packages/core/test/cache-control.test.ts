import { describe, expect, it } from 'vitest';

import { createToolCache } from '../src/create-tool-cache.ts';
import { manualClock } from '../src/testing/manual-clock.ts';
import type { CacheControl } from '../src/tool-call.ts';
import type { ToolPolicy } from '../src/tool-policy.ts';
import { heldTool } from './held-tool.ts';

const CALL = { toolName: 'get_cart', args: ['u1'] };
const READ: ToolPolicy = { kind: 'read', scope: 'global', resource: 'cart', ttl: '1m' };

function given(policy: ToolPolicy = READ) {
  const clock = manualClock();
  const cache = createToolCache({ clock });
  let runs = 0;
  const call = async (cacheControl?: CacheControl) => {
    const { status, value } = await cache.call({ ...CALL, cacheControl }, policy, () => (runs += 1));
    return `${status} ${value}`;
  };
  return { cache, clock, call };
}

describe('a call that asks for the tool itself', () => {
  it('runs the tool past the cache for "bypass", and leaves what is stored', async () => {
    const { cache, call } = given();
    const reasons: string[] = [];
    cache.on((event) => {
      if (event.type === 'call-bypassed') reasons.push(event.reason);
    });
    expect([await call(), await call('bypass'), await call()]).toEqual(['miss 1', 'bypass 2', 'hit 1']);
    expect(reasons).toEqual(['requested']);
  });

  it('runs the tool although a result is there for "refresh", and stores the new one', async () => {
    const { call } = given();
    expect([await call('refresh'), await call(), await call('refresh'), await call()]).toEqual([
      'miss 1',
      'hit 1',
      'miss 2',
      'hit 2',
    ]);
  });

  it('is not content with a stale result for "refresh"', async () => {
    const { call, clock } = given({ ...READ, kind: 'read', staleWhileRevalidate: '1h' });
    expect(await call()).toBe('miss 1');
    await clock.advance(61_000);
    expect(await call('refresh')).toBe('miss 2');
  });

  it('joins a load that is running for "refresh"', async () => {
    const cache = createToolCache();
    const tool = heldTool<[], string>();
    const calls = [undefined, 'refresh' as const].map((cacheControl) =>
      cache.call({ ...CALL, cacheControl }, READ, () => tool()),
    );
    (await tool.call(0)).answer('cart');
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(['miss', 'coalesced']);
  });

  it('keeps what is stored when the tool fails for "refresh"', async () => {
    const { cache, call } = given();
    await call();
    const failing = cache.call({ ...CALL, cacheControl: 'refresh' }, READ, () => {
      throw new Error('no connection');
    });
    await expect(failing).rejects.toThrow('no connection');
    expect(await call()).toBe('hit 1');
  });

  it('refuses to be asked otherwise', async () => {
    const { call } = given();
    await expect(call('reload' as never)).rejects.toThrow('Invalid option "cacheControl": received "reload"');
  });
});

describe('cache.declare', () => {
  it('refuses a policy that is not allowed, before the first call', () => {
    const { cache } = given();
    expect(() => cache.declare('get_cart', { kind: 'read', ttl: 'soon' as never })).toThrow('Invalid option "ttl"');
  });

  it('lets explain know the tool', async () => {
    const { cache } = given();
    cache.declare('get_cart', READ);
    expect(await cache.explain('get_cart', 'u1')).toMatchObject({ status: 'miss', reason: 'absent' });
  });
});

describe('a tool that takes no part in loop detection', () => {
  it.each(['read', 'write', 'other'] as const)('counts for nothing as a %s, not even for the depth', async (kind) => {
    const cache = createToolCache();
    const policy = { kind, loop: false, ...(kind === 'write' && { invalidates: 'cart' }) } as ToolPolicy;
    await cache.session({ maxToolRepeats: 1, maxExecutionDepth: 2 }, async (session) => {
      for (let calls = 0; calls < 9; calls += 1) await cache.call(CALL, policy, () => calls);
      expect(session.metrics().loopDetections).toBe(0);
      await cache.call({ ...CALL, toolName: 'other' }, { kind: 'other' }, () => 0);
    });
  });

  it('is told so by `false` alone', () => {
    const cache = createToolCache();
    const policy = { kind: 'other', loop: true as never } as const;
    expect(() => cache.declare('get_cart', policy)).toThrow('Invalid option "loop": received true');
  });
});
