import { valkeyStore } from '@keepstep/core/valkey';
import { KeepstepSaver } from '@keepstep/langgraph';
import type { ValkeyServer } from '@keepstep/test-servers';

import type { Verdict } from '../report/report.ts';
import { CountingClient } from '../state/counting-client.ts';
import { GrowingThread } from './growing-thread.ts';

/** Counts the commands that a put and a putWrites send to a server that knows the scripts. */
export async function commandVerdicts(server: ValkeyServer): Promise<Verdict[]> {
  const client = new CountingClient(server);
  const saver = new KeepstepSaver({ store: valkeyStore({ client }) });
  try {
    const thread = new GrowingThread(saver, 'counted');
    await thread.put();
    await thread.putWrites();
    const verdicts: Verdict[] = [];
    for (const name of ['put', 'putWrites'] as const) {
      const before = client.sent;
      await thread[name]();
      const value = client.sent - before;
      verdicts.push({
        id: `commands-${name}`,
        sentence: `${name} sends ${value} command to Valkey`,
        value,
        target: '1',
        met: value === 1,
      });
    }
    return verdicts;
  } finally {
    await saver.close();
    client.disconnect();
  }
}
