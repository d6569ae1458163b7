import type { Target } from '@keepstep/fault-tests';
import { Redis } from 'ioredis';

/** Opens a client as both peers ask for it in their documentation: of ioredis, with its defaults. */
export function openPeerClient(target: Target): Redis {
  if (target.kind !== 'server') throw new Error('The peers are compared on one server.');
  return new Redis({ host: target.host, port: target.port });
}
