import { sleep, TicketDeskApi, type Stage } from '@keepstep/scenario-kit';

import { handleTicket, reportTicket } from './support-scripts.ts';
import { supportTools } from './support-tools.ts';
import { workOnTicket } from './work-on-ticket.ts';

/** Lets two agents work on one ticket side by side, each on copies of its own. */
export async function supportStory(stage: Stage): Promise<object> {
  const { cache, clock } = stage;
  const desk = new TicketDeskApi(clock);
  stage.watch(desk);
  const tools = supportTools(desk);

  await stage.sideBySide(
    () =>
      cache.session({ id: 'agent-A' }, (session) =>
        workOnTicket(stage, tools, {
          session,
          speaker: 'to agent-A',
          prompt: 'Take ticket T-100: put it in progress and ask the warehouse about the parcel.',
          script: handleTicket({ looks: 2, status: 'in_progress', note: 'asked the warehouse to weigh the parcel.' }),
        }),
      ),
    () =>
      cache.session({ id: 'agent-B' }, async (session) => {
        await sleep(clock, 500);
        return workOnTicket(stage, tools, {
          session,
          speaker: 'to agent-B',
          prompt: 'Ask the customer of ticket T-100 for a photo of the parcel.',
          script: handleTicket({ looks: 3, status: 'waiting_for_customer', note: 'asked for a photo of the parcel.' }),
        });
      }),
  );
  stage.say('');

  // The session above has ended and taken its copies along; the same id begins with nothing.
  const lastAnswer = await cache.session({ id: 'agent-A' }, (session) =>
    workOnTicket(stage, tools, {
      session,
      speaker: 'to agent-A, the next day',
      prompt: 'How does ticket T-100 stand?',
      script: reportTicket,
    }),
  );
  return { ticket: desk.ticketOf('T-100'), lastAnswer };
}
