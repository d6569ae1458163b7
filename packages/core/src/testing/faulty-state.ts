import type { MaybePromise } from '../maybe-promise.ts';
import type { DocumentStore } from '../store/document-store.ts';
import type { LockStore } from '../store/lock-store.ts';
import type { LogStore } from '../store/log-store.ts';
import type { RunStore } from '../store/run-store.ts';
import type { StateStore } from '../store/state-store.ts';

/** Names an operation of the durable state that can go wrong, as `port.method`. */
export type StateOperation =
  | `documents.${keyof DocumentStore}`
  | `log.${keyof LogStore}`
  | `locks.${keyof LockStore}`
  | `runs.${Exclude<keyof RunStore, 'log'>}`
  | 'spaces';

/** Carries out a request, or lets it go wrong. */
export type StateCall = (operation: StateOperation, request: () => MaybePromise<unknown>) => MaybePromise<unknown>;

/** Wraps the ports of durable state, so that every request passes through `call`. */
export function faultyState(state: StateStore, call: StateCall): StateStore {
  const runs = wrapped('runs', state.runs, call);
  return {
    documents: (space) => wrapped('documents', state.documents(space), call),
    spaces: (request) => call('spaces', () => state.spaces(request)) as ReturnType<StateStore['spaces']>,
    log: (name) => wrapped('log', state.log(name), call),
    locks: wrapped('locks', state.locks, call),
    // The log of a run is a port of its own, and opening it is no request.
    runs: new Proxy(runs, {
      get: (port, method) =>
        method === 'log'
          ? (id: string) => wrapped('log', state.runs.log(id), call)
          : (Reflect.get(port, method) as unknown),
    }),
  };
}

function wrapped<Port extends object>(name: string, port: Port, call: StateCall): Port {
  return new Proxy(port, {
    get(target, method) {
      const own: unknown = Reflect.get(target, method, target);
      if (typeof own !== 'function') return own;
      return (...args: readonly unknown[]) =>
        call(`${name}.${String(method)}` as StateOperation, () => own.apply(target, args) as MaybePromise<unknown>);
    },
  });
}
