export { valkeyStore } from './valkey-store.ts';
export type { ValkeyStoreOptions } from './valkey-options.ts';
export type { ValkeyNode } from './valkey-address.ts';
export type { InjectedClient, ValkeyClient } from './valkey-client.ts';
