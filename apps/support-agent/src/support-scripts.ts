import { toolResults, type ModelTurn, type ScriptedPolicy, type ToolResult } from '@keepstep/core/testing';

/** Is what an agent of the desk does with a ticket. */
export interface Errand {
  /** Is how often it reads the ticket before it writes: to understand it, and to be sure. */
  readonly looks: number;
  readonly status: string;
  readonly note: string;
}

/** Reads ticket T-100 as often as it needs to, changes it, and reads what it looks like now. */
export function handleTicket({ looks, status, note }: Errand): ScriptedPolicy {
  return (messages) => {
    const looked = toolResults(messages, 'get_ticket');
    const last = looked.at(-1);
    const isChanged = toolResults(messages, 'update_ticket').length > 0;
    if (last === undefined) return read('I read the ticket.');
    if (looked.length < looks) return read('I read it again, to be sure.');
    if (!isChanged) {
      return { calls: [{ toolName: 'update_ticket', input: { ticketId: 'T-100', status, note } }] };
    }
    return looked.length === looks ? read('What does it look like now?') : report(last);
  };
}

/** Reads ticket T-100 and says how it stands. */
export const reportTicket: ScriptedPolicy = (messages) => {
  const ticket = toolResults(messages).at(-1);
  return ticket === undefined ? read('I look it up.') : report(ticket);
};

function read(text: string): ModelTurn {
  return { text, calls: [{ toolName: 'get_ticket', input: { ticketId: 'T-100' } }] };
}

function report({ value: { id, status, history } }: ToolResult): ModelTurn {
  const people = [...new Set(history.map(({ by }: { by: string }) => by))];
  return { text: `${id} is ${status}; ${history.length} entries by ${people.join(', ')}.` };
}
