import type { ValkeyServer } from '@keepstep/test-servers';

/** Deletes the keys that match, as an eviction would, and returns how many there were. */
export async function deleteKeys(server: ValkeyServer, pattern: string): Promise<number> {
  let cursor = '0';
  let deleted = 0;
  do {
    const [next, keys] = (await server.command('SCAN', cursor, 'MATCH', pattern, 'COUNT', 1_000)) as [string, string[]];
    cursor = next;
    if (keys.length > 0) deleted += Number(await server.command('DEL', ...keys));
  } while (cursor !== '0');
  return deleted;
}
