import { converse, sleep, TicketDeskApi, type Stage } from '@keepstep/scenario-kit';

import { handleTicket, reportTicket } from './support-scripts.ts';
import { supportTools } from './support-tools.ts';

const INSTRUCTIONS =
  'You work at a support desk. Read a ticket before you change it and after. Answer in one sentence.';

/** Lets two agents work on one ticket side by side, each on copies of its own. */
export async function supportStory(stage: Stage): Promise<object> {
  const { cache, clock } = stage;
  const desk = new TicketDeskApi(clock);
  stage.watch(desk);
  const tools = supportTools(cache, desk);

  await Promise.all([
    cache.session({ id: 'agent-A' }, (session) =>
      converse(stage, {
        session,
        tools,
        agentName: session.id,
        speaker: 'to agent-A',
        instructions: INSTRUCTIONS,
        prompt: 'Take ticket T-100: put it in progress and ask the warehouse about the parcel.',
        model: stage.model(
          handleTicket({ looks: 2, status: 'in_progress', note: 'asked the warehouse to weigh the parcel.' }),
        ),
      }),
    ),
    cache.session({ id: 'agent-B' }, async (session) => {
      await sleep(clock, 500);
      return converse(stage, {
        session,
        tools,
        agentName: session.id,
        speaker: 'to agent-B',
        instructions: INSTRUCTIONS,
        prompt: 'Ask the customer of ticket T-100 for a photo of the parcel.',
        model: stage.model(
          handleTicket({ looks: 3, status: 'waiting_for_customer', note: 'asked for a photo of the parcel.' }),
        ),
      });
    }),
  ]);
  stage.say('');

  // The session above has ended and taken its copies along; the same id begins with nothing.
  const last = await cache.session({ id: 'agent-A' }, (session) =>
    converse(stage, {
      session,
      tools,
      agentName: session.id,
      speaker: 'to agent-A, the next day',
      instructions: INSTRUCTIONS,
      prompt: 'How does ticket T-100 stand?',
      model: stage.model(reportTicket),
    }),
  );
  return { ticket: desk.ticketOf('T-100'), lastAnswer: last.answer };
}
