import { Redis } from 'iovalkey';
import { describe, expect, it } from 'vitest';

import { startSentinelGroup } from './sentinel-group.ts';

describe('startSentinelGroup', () => {
  it('makes the replica the primary when the primary dies', async () => {
    await using group = await startSentinelGroup({ server: { password: 'secret' } });
    const [first, replica] = group.servers;
    expect(await group.primary()).toBe(first);
    await group.servers[0]?.command('SET', 'key', 'value');
    await first?.kill9();
    expect(await group.waitUntilFailedOver(first!)).toBe(replica);
    const client = new Redis({ sentinels: [...group.addresses], name: group.name, password: 'secret' });
    await client.set('key', 'changed');
    client.disconnect();
    expect(await replica?.command('GET', 'key')).toBe('changed');
  });
});
