import { InvalidOptionError } from '../../errors.ts';

/** Is one server. */
export interface ValkeyNode {
  readonly host: string;
  readonly port: number;
}

/** Says where the servers are, and how to be let in. */
export interface ValkeyAddress {
  readonly kind: 'server' | 'cluster' | 'sentinel';
  /** Lists the server, some nodes of the cluster, or the sentinels. */
  readonly nodes: readonly ValkeyNode[];
  /** Is the path of a Unix socket in place of a node. */
  readonly path?: string | undefined;
  /** Names the group of servers that the sentinels watch. */
  readonly group?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: number | undefined;
  readonly isTls: boolean;
}

const KINDS: Readonly<Record<string, Pick<ValkeyAddress, 'kind' | 'isTls'>>> = {
  valkey: { kind: 'server', isTls: false },
  valkeys: { kind: 'server', isTls: true },
  redis: { kind: 'server', isTls: false },
  rediss: { kind: 'server', isTls: true },
  'valkey-cluster': { kind: 'cluster', isTls: false },
  'valkeys-cluster': { kind: 'cluster', isTls: true },
  'valkey-sentinel': { kind: 'sentinel', isTls: false },
  'valkeys-sentinel': { kind: 'sentinel', isTls: true },
  'valkey+unix': { kind: 'server', isTls: false },
};

const ALLOWED =
  'valkey://host:6379/0, valkeys://user:password@host:6379, valkey+unix:/path/to/socket, valkey-cluster://a:6379,b:6379 or valkey-sentinel://a:26379,b:26379/group';

/**
 * Reads a URL of Valkey: a server, with TLS where the scheme says `valkeys`, nodes of a cluster, sentinels and the name of
 * the group they watch, or a Unix socket.
 *
 * @throws InvalidOptionError for any other text; a password in it is not shown
 */
export function parseValkeyUrl(url: string): ValkeyAddress {
  const refuse = (problem: string): never => {
    throw new InvalidOptionError('url', withoutPassword(url), `${ALLOWED}; here: ${problem}`);
  };
  if (typeof url !== 'string') return refuse('not a text');
  const [, scheme = '', rest = ''] = /^([a-z+-]+):(.*)$/s.exec(url) ?? [];
  const kind = KINDS[scheme];
  if (kind === undefined) return refuse('unknown scheme');
  if (scheme === 'valkey+unix') {
    const path = rest.replace(/^\/\//, '');
    return path.startsWith('/')
      ? { ...kind, nodes: [], path }
      : refuse('the path of the socket does not begin with "/"');
  }
  const [, user, hosts = '', tail = ''] = /^\/\/(?:([^@]*)@)?([^/?#]*)(?:\/([^?#]*))?$/.exec(rest) ?? [];
  if (hosts === '') return refuse('no host');
  const [username, password] = (user ?? '').split(/:(.*)/s).map((part) => decode(part) ?? refuse('broken % in it'));
  const nodes = hosts
    .split(',')
    .map((host) => parseNode(host, kind.kind === 'sentinel' ? 26_379 : 6379) ?? refuse('host or port'));
  if (kind.kind === 'server' && nodes.length > 1) return refuse('several hosts are a cluster or sentinels');
  const credentials = { username: username || undefined, password: password || undefined };
  if (kind.kind === 'sentinel') {
    return tail === ''
      ? refuse('no name of a group')
      : { ...kind, ...credentials, nodes, group: decode(tail) ?? refuse('broken % in it') };
  }
  if (!/^\d{0,4}$/.test(tail)) return refuse('the database is no number');
  if (kind.kind === 'cluster' && tail !== '' && tail !== '0') return refuse('a cluster has only database 0');
  return { ...kind, ...credentials, nodes, database: tail === '' ? undefined : Number(tail) };
}

function parseNode(text: string, defaultPort: number): ValkeyNode | undefined {
  const [, host = '', port] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(\d+))?$/.exec(text) ?? [];
  const number = port === undefined ? defaultPort : Number(port);
  if (host === '' || number < 1 || number > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function withoutPassword(url: unknown): string {
  return String(url).replace(/\/\/[^@/]*@/, '//…@');
}
