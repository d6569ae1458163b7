/** Is what INFO tells about a server besides who it is. */
export interface ServerCondition {
  readonly isReplica: boolean;
  readonly isLoading: boolean;
}

/** Says who a server is: which process, and which history its data belongs to. */
export class ServerIdentity {
  readonly #random: () => number;
  /** Says that there are copies of the server, and another one may take its place. */
  isReplicated = false;
  runId: string;
  replicationId: string;

  constructor(random: () => number) {
    this.#random = random;
    this.runId = this.#identifier();
    this.replicationId = this.#identifier();
  }

  /** Begins another process: both identifiers are new. */
  restart(): void {
    this.runId = this.#identifier();
    this.replicationId = this.#identifier();
  }

  /** Returns the sections that were asked for; by default those that clients read. */
  info(sections: readonly string[], { isReplica, isLoading }: ServerCondition): string {
    const all: Readonly<Record<string, readonly string[]>> = {
      Server: [
        'redis_version:7.2.4',
        'server_name:valkey',
        'valkey_version:8.0.1',
        'server_mode:standalone',
        `run_id:${this.runId}`,
      ],
      Persistence: [`loading:${isLoading ? 1 : 0}`],
      Replication: [
        `role:${isReplica ? 'slave' : 'master'}`,
        `connected_slaves:${this.isReplicated && !isReplica ? 1 : 0}`,
        `master_replid:${this.replicationId}`,
        `master_repl_offset:${this.isReplicated ? 14_000 : 0}`,
        `repl_backlog_active:${this.isReplicated ? 1 : 0}`,
      ],
    };
    const wanted = new Set(sections.map((section) => section.toLowerCase()));
    const isWanted = (name: string): boolean =>
      wanted.size === 0 || ['all', 'everything', 'default', name.toLowerCase()].some((each) => wanted.has(each));
    return Object.entries(all)
      .filter(([name]) => isWanted(name))
      .map(([name, lines]) => [`# ${name}`, ...lines, ''].join('\r\n'))
      .join('\r\n');
  }

  #identifier(): string {
    return Array.from({ length: 40 }, () => Math.floor(this.#random() * 16).toString(16)).join('');
  }
}
