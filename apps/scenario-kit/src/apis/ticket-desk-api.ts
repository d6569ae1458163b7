import type { Clock } from '@keepstep/core';

import { Upstream } from './upstream.ts';

export type TicketStatus = 'open' | 'in_progress' | 'waiting_for_customer' | 'solved';

/** Is one support ticket, with everything that happened to it. */
export interface Ticket {
  readonly id: string;
  readonly subject: string;
  readonly customer: string;
  readonly status: TicketStatus;
  readonly history: readonly TicketEntry[];
}

/** Is one thing that happened to a ticket. */
interface TicketEntry {
  readonly at: string;
  readonly by: string;
  readonly text: string;
}

/** Reports a request that the ticket desk refuses. */
class TicketDeskError extends Error {
  override readonly name = 'TicketDeskError';
}

/** Is the ticket desk of a support team. */
export class TicketDeskApi {
  readonly upstream: Upstream;
  readonly #clock: Clock;
  readonly #tickets = new Map(TICKETS.map((ticket) => [ticket.id, ticket]));

  constructor(clock: Clock) {
    this.upstream = new Upstream('ticket desk', clock);
    this.#clock = clock;
  }

  getTicket(ticketId: string): Promise<Ticket> {
    return this.upstream.request('get ticket', 150, () => this.ticketOf(ticketId));
  }

  /** Changes the status of a ticket and notes why. */
  updateTicket(
    ticketId: string,
    status: TicketStatus,
    by: string,
    note: string,
  ): Promise<{ id: string; status: TicketStatus }> {
    return this.upstream.request('update ticket', 200, () => {
      const ticket = this.ticketOf(ticketId);
      const entry = {
        at: new Date(this.#clock.now()).toISOString(),
        by,
        text: `${ticket.status} -> ${status}: ${note}`,
      };
      this.#tickets.set(ticketId, { ...ticket, status, history: [...ticket.history, entry] });
      return { id: ticketId, status };
    });
  }

  /** Returns the true ticket without a request. */
  ticketOf(ticketId: string): Ticket {
    const ticket = this.#tickets.get(ticketId);
    if (ticket === undefined) throw new TicketDeskError(`There is no ticket ${ticketId}.`);
    return ticket;
  }
}

const TICKETS: readonly Ticket[] = [
  {
    id: 'T-100',
    subject: 'Parcel arrived, laptop missing',
    customer: 'Ada Byron',
    status: 'open',
    history: [
      {
        at: '2026-01-05T07:12:00.000Z',
        by: 'Ada Byron',
        text: 'The box of order ORD-0987 held the sleeve and no laptop.',
      },
      { at: '2026-01-05T07:12:30.000Z', by: 'desk', text: 'Assigned to the first free agent. Priority: high.' },
    ],
  },
  {
    id: 'T-101',
    subject: 'Invoice without VAT number',
    customer: 'Grace Murray',
    status: 'open',
    history: [
      { at: '2026-01-04T15:40:00.000Z', by: 'Grace Murray', text: 'Our accounting needs DE811907980 on the invoice.' },
    ],
  },
  {
    id: 'T-102',
    subject: 'Headphones only play on the left',
    customer: 'Jean Bartik',
    status: 'waiting_for_customer',
    history: [
      {
        at: '2026-01-03T10:05:00.000Z',
        by: 'Jean Bartik',
        text: 'The right side has been silent since the last update.',
      },
      {
        at: '2026-01-03T11:20:00.000Z',
        by: 'agent-C',
        text: 'open -> waiting_for_customer: asked for the firmware version.',
      },
    ],
  },
];
