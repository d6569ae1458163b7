/** Configures a Valkey server. */
export interface ValkeyOptions {
  /** Tells whether the server listens on a TCP port of 127.0.0.1, besides its Unix socket. Default: true. */
  readonly tcp?: boolean;
  /** Says when the append-only file is written to disk; `false` for none. Default: false. */
  readonly appendOnly?: 'always' | 'everysec' | 'no' | false;
  /** Says when snapshots are taken, such as `"60 1000"`; `false` for never, which does not forbid `SAVE`. Default: false. */
  readonly save?: string | false;
  /** Bounds the memory of the data, in bytes. Default: no bound. */
  readonly maxMemory?: number;
  /** Says what goes when the memory is full. Default: `"noeviction"`. */
  readonly maxMemoryPolicy?: string;
  /** Is the password of the default user. Default: none. */
  readonly password?: string;
  /** Holds further directives of the configuration file, by name. */
  readonly config?: Readonly<Record<string, string | number>>;
}

/** Returns the arguments that start a server with these options in a folder. */
export function valkeyArguments(options: ValkeyOptions, folder: string, socketPath: string, port: number): string[] {
  const { appendOnly = false, save = false, maxMemory, maxMemoryPolicy, password } = options;
  const directives: Record<string, string | number | undefined> = {
    port,
    bind: '127.0.0.1',
    unixsocket: socketPath,
    dir: folder,
    save: save === false ? '' : save,
    appendonly: appendOnly === false ? 'no' : 'yes',
    appendfsync: appendOnly === false ? undefined : appendOnly,
    maxmemory: maxMemory,
    'maxmemory-policy': maxMemoryPolicy,
    requirepass: password,
    masterauth: password,
    // A replica that was started a moment ago waits no five seconds for the rest of its kind.
    'repl-diskless-sync-delay': 0,
    ...options.config,
  };
  return Object.entries(directives).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
}
