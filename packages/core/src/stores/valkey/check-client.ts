import { InvalidOptionError } from '../../errors.ts';
import { checkMethods } from '../../option-checks.ts';
import type { InjectedClient, ValkeyClient } from './valkey-client.ts';

type ClientMethod = {
  [Name in keyof ValkeyClient]-?: ValkeyClient[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof ValkeyClient];

/** Names what a client has to be able to do; one that lacks a command would fail in the middle of something. */
const CLIENT_METHODS: Readonly<Record<ClientMethod, true>> = {
  connect: true,
  disconnect: true,
  duplicate: true,
  on: true,
  off: true,
  info: true,
  get: true,
  getBuffer: true,
  pttl: true,
  set: true,
  zmscore: true,
  zrange: true,
  zrangeBuffer: true,
  pexpire: true,
  callBuffer: true,
  exists: true,
  hget: true,
  evalshaBuffer: true,
  evalBuffer: true,
  subscribe: true,
};

/**
 * Returns a client that can do all that the store asks of one.
 *
 * @throws InvalidOptionError when it cannot, or puts something before every key
 */
export function checkClient(injected: InjectedClient): ValkeyClient {
  const client = injected as ValkeyClient;
  checkMethods(client, 'client', Object.keys(CLIENT_METHODS) as ClientMethod[]);
  const { keyPrefix } = (client as { options?: { keyPrefix?: unknown } }).options ?? {};
  if (keyPrefix !== undefined && keyPrefix !== '') {
    throw new InvalidOptionError(
      'client',
      `a client with the keyPrefix ${JSON.stringify(keyPrefix)}`,
      'one without: the namespace of the cache keeps its keys apart',
    );
  }
  return client;
}
