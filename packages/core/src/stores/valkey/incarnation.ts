import { hash } from 'node:crypto';

/** Is what a server says about itself. */
export interface Incarnation {
  /** Tells this process of the server from every other, as the scripts do; nothing where it may change while the process runs. */
  readonly fence: string;
  /**
   * Tells whether its data can have come from another process while it runs: it is, or ever was, one of several copies. Then
   * only a script can tell, in the moment that it runs, which incarnation answers.
   */
  readonly isReplicated: boolean;
}

/** Reads the sections `server` and `replication` of `INFO`. */
export function readIncarnation(info: string): Incarnation {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
  const ids = `${fields.get('run_id')}${fields.get('master_replid')}`;
  const isAlone =
    /^[0-9a-f]{80}$/.test(ids) &&
    fields.get('role') === 'master' &&
    fields.get('connected_slaves') === '0' &&
    // A server that had a replica once has counted what it sent to it.
    fields.get('master_repl_offset') === '0' &&
    fields.get('repl_backlog_active') === '0';
  const number = FENCE_BASE + parseInt(hash('sha1', ids).slice(0, 12), 16);
  return { fence: isAlone ? String(number) : '', isReplicated: !isAlone };
}

const FENCE_BASE = 2 ** 51;
