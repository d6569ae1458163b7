import { currentSession, type ToolCache } from '@keepstep/core';
import { agentTool, oneOf, text, type AgentTool, type TicketDeskApi, type TicketStatus } from '@keepstep/scenario-kit';

/**
 * Wraps the ticket desk as tools of an agent.
 *
 * With the scope `session` every agent works on copies of its own: what one has read is never shown to another, and is
 * gone when its session ends. A write drops the copies of the session that writes. Should a change reach the copies of
 * all agents at once, `scope: 'global'` on `update_ticket` is all it takes.
 */
export function supportTools(cache: ToolCache, desk: TicketDeskApi): AgentTool[] {
  const getTicket = cache.read(({ ticketId }: { ticketId: string }) => desk.getTicket(ticketId), {
    name: 'get_ticket',
    resource: ({ ticketId }) => ['ticket', ticketId],
    scope: 'session',
  });

  const updateTicket = cache.write(
    ({ ticketId, status, note }: { ticketId: string; status: TicketStatus; note: string }) =>
      desk.updateTicket(ticketId, status, currentSession()?.id ?? 'somebody', note),
    {
      name: 'update_ticket',
      invalidates: ({ ticketId }) => ['ticket', ticketId],
      scope: 'session',
    },
  );

  return [
    agentTool(getTicket, {
      description: 'Returns a ticket with its status and everything that happened to it.',
      input: { ticketId: text('The ticket, for example T-100') },
    }),
    agentTool(updateTicket, {
      description: 'Changes the status of a ticket and adds a note to its history.',
      input: {
        ticketId: text('The ticket, for example T-100'),
        status: oneOf(['open', 'in_progress', 'waiting_for_customer', 'solved'], 'The new status'),
        note: text('What was done and why, in one sentence'),
      },
    }),
  ];
}
