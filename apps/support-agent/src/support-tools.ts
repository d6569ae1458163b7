import { currentSession, type ToolPolicy } from '@keepstep/core';
import type { TicketDeskApi, TicketStatus } from '@keepstep/scenario-kit';
import { tool, type ClientTool } from '@langchain/core/tools';
import { z } from 'zod';

const ticketId = z.string().describe('The ticket, for example T-100');
const status = z.enum(['open', 'in_progress', 'waiting_for_customer', 'solved']).describe('The new status');
const note = z.string().describe('What was done and why, in one sentence');

/** Is what an agent writes about a ticket. */
interface Change {
  readonly ticketId: string;
  readonly status: TicketStatus;
  readonly note: string;
}

/** Makes tools of the ticket desk. They know nothing of a cache. */
export function supportTools(desk: TicketDeskApi): ClientTool[] {
  return [
    tool(({ ticketId: id }: { ticketId: string }) => desk.getTicket(id), {
      name: 'get_ticket',
      description: 'Returns a ticket with its status and everything that happened to it.',
      schema: z.object({ ticketId }),
    }),
    tool((change: Change) => desk.updateTicket(change.ticketId, change.status, nameOfAgent(), change.note), {
      name: 'update_ticket',
      description: 'Changes the status of a ticket and adds a note to its history.',
      schema: z.object({ ticketId, status, note }),
    }),
  ];
}

/**
 * Says what the tools are to the cache.
 *
 * With the scope `session` every agent works on copies of its own: what one has read is never shown to another, and is
 * gone when its session ends. A write drops the copies of the session that writes. Should a change reach the copies of
 * all agents at once, `scope: 'global'` on `update_ticket` is all it takes.
 */
export const supportPolicies: Readonly<Record<string, ToolPolicy>> = {
  get_ticket: { kind: 'read', resource: ({ ticketId: id }) => ['ticket', id], scope: 'session' },
  update_ticket: { kind: 'write', invalidates: ({ ticketId: id }) => ['ticket', id], scope: 'session' },
};

function nameOfAgent(): string {
  return currentSession()?.id ?? 'somebody';
}
