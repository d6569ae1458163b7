import type { Clock } from '@keepstep/core';

import { Upstream } from './upstream.ts';

/** Is one message to a customer. */
export interface Email {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

/** Is a mail service. Its messages go nowhere but into `outbox`. */
export class EmailApi {
  readonly upstream: Upstream;
  readonly outbox: Email[] = [];

  constructor(clock: Clock) {
    this.upstream = new Upstream('email', clock);
  }

  send(email: Email): Promise<{ queued: true; position: number }> {
    return this.upstream.request('send', 70, () => {
      this.outbox.push(email);
      return { queued: true, position: this.outbox.length };
    });
  }
}
