import type { ValkeyServer } from '@keepstep/test-servers';
import { Redis } from 'iovalkey';

/** Is a client that counts the commands it sends. */
export class CountingClient extends Redis {
  sent = 0;

  constructor({ host, port }: ValkeyServer) {
    super({ host, port });
  }

  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    this.sent += 1;
    return super.sendCommand(...args);
  }
}
