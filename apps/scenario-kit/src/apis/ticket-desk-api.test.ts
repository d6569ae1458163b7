import { expect, it } from 'vitest';

import { SimulatedClock } from '../time/simulated-clock.ts';
import { TicketDeskApi } from './ticket-desk-api.ts';

it('notes every change of the status in the history', async () => {
  const desk = new TicketDeskApi(new SimulatedClock(Date.UTC(2026, 0, 5, 9)));
  await desk.updateTicket('T-100', 'in_progress', 'agent-A', 'asked the warehouse.');
  const ticket = await desk.getTicket('T-100');
  expect(ticket.status).toBe('in_progress');
  expect(ticket.history.at(-1)).toEqual({
    at: '2026-01-05T09:00:00.200Z',
    by: 'agent-A',
    text: 'open -> in_progress: asked the warehouse.',
  });
});

it('knows no other tickets', async () => {
  const desk = new TicketDeskApi(new SimulatedClock());
  await expect(desk.getTicket('T-999')).rejects.toThrow('There is no ticket T-999.');
});
