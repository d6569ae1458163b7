import { ErrorReply, Status, type Reply } from './reply.ts';

/** Writes an answer as the bytes of RESP2. */
export function encodeReply(reply: Reply): string {
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`;
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (reply === null) return '$-1\r\n';
  if (reply instanceof Status) return `+${reply.text}\r\n`;
  if (reply instanceof ErrorReply) return `-${reply.message.replaceAll(/[\r\n]/g, ' ')}\r\n`;
  let text = `*${reply.length}\r\n`;
  for (const element of reply) text += encodeReply(element);
  return text;
}
