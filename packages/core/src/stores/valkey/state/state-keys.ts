import { escapeName } from '../key-layout.ts';

/** Names the keys of durable state in one namespace. Each space, log, lock and run has a slot of a cluster for itself. */
export class StateKeys {
  readonly #namespace: string;
  /** Is the channel on which changes of logs and locks are told. */
  readonly channel: string;
  readonly spaces: DirectoryKeys;
  readonly runs: DirectoryKeys;
  readonly threads: DirectoryKeys;

  constructor(namespace: string) {
    this.#namespace = escapeName(namespace);
    this.channel = `ks:${this.#namespace}:state`;
    this.spaces = this.#directory('spaces');
    this.runs = this.#directory('runs');
    this.threads = this.#directory('threads');
  }

  space(name: string): SpaceKeys {
    const prefix = this.#prefix('d', name);
    return {
      documents: `${prefix}d`,
      index: `${prefix}i`,
      expiries: `${prefix}x`,
      fences: `${prefix}f`,
      version: `${prefix}v`,
      operation: (id) => `${prefix}o:${escapeName(id)}`,
    };
  }

  lock(name: string): LockKeys {
    const prefix = this.#prefix('k', name);
    return { lock: `${prefix}l`, fence: `${prefix}f`, release: (token) => `${prefix}o:${token}` };
  }

  log(name: string): LogKeys {
    const prefix = this.#prefix('l', name);
    return { log: `${prefix}s`, operation: (id) => `${prefix}o:${escapeName(id)}` };
  }

  run(id: string): LogKeys & { readonly run: string } {
    const prefix = this.#prefix('r', id);
    return { run: `${prefix}r`, log: `${prefix}s`, operation: (operation) => `${prefix}o:${escapeName(operation)}` };
  }

  thread(id: string): { readonly checkpoints: string; readonly places: string } {
    const prefix = this.#prefix('t', id);
    return { checkpoints: `${prefix}c`, places: `${prefix}k` };
  }

  #directory(name: string): DirectoryKeys {
    const prefix = this.#prefix('n', name);
    return { names: `${prefix}i`, times: `${prefix}h` };
  }

  #prefix(kind: string, name: string): string {
    return `ks:{${this.#namespace}/${kind}.${escapeName(name)}}:`;
  }
}

/** Names what a space of documents consists of. */
export interface SpaceKeys {
  readonly documents: string;
  readonly index: string;
  readonly expiries: string;
  readonly fences: string;
  readonly version: string;
  readonly operation: (id: string) => string;
}

/** Names what a lock consists of. */
export interface LockKeys {
  readonly lock: string;
  readonly fence: string;
  readonly release: (token: string) => string;
}

/** Names what a log consists of. */
export interface LogKeys {
  readonly log: string;
  readonly operation: (id: string) => string;
}

/** Names what a directory consists of. */
export interface DirectoryKeys {
  readonly names: string;
  readonly times: string;
}
