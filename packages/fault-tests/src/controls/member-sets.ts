import { controlOf, TTL_MS } from './control.ts';

const DROP = `
  local keys = redis.call('SMEMBERS', KEYS[1])
  for _, key in ipairs(keys) do redis.call('DEL', key) end
  redis.call('DEL', KEYS[1])
  return #keys
`;

/**
 * Is wrong: each tag has a set of the keys that depend on it, and an invalidation deletes them, in one step. A result that
 * is on its way meanwhile is stored afterwards, and nobody deletes it again.
 */
export const subject = controlOf('member-sets', '{control}:tag:*', (client) => ({
  async find(key) {
    const text = await client.get(key);
    return text === null ? { stamp: undefined } : { version: Number(text) };
  },
  async keep(key, tags, version) {
    const transaction = client.multi().set(key, version, 'PX', TTL_MS);
    for (const tag of tags) transaction.sadd(tag, key);
    await transaction.exec();
    return true;
  },
  drop: (tag) => client.eval(DROP, 1, tag),
}));
