import type { CheckpointStore, Store } from '@keepstep/core';

/** Returns the same store, with a look at each call of its checkpoints before it goes on; what `look` throws, the store does. */
export function interceptedStore(store: Store, look: (method: string, args: readonly unknown[]) => void): Store {
  return {
    ...store,
    async checkpoints(namespace) {
      const port = (await store.checkpoints?.(namespace)) as CheckpointStore;
      return new Proxy(port, {
        get(target, name) {
          const own: unknown = Reflect.get(target, name);
          if (typeof own !== 'function') return own;
          return (...args: unknown[]): unknown => {
            look(String(name), args);
            return own.apply(target, args) as unknown;
          };
        },
      });
    },
  };
}
