import { mapStoredMessageToChatMessage, type BaseMessage, type StoredMessage } from '@langchain/core/messages';

/**
 * Returns a message as plain data, with all its fields as they are. LangChain's own form turns dates, maps and bytes into
 * empty objects.
 */
export function keptMessage(message: BaseMessage): StoredMessage {
  const fields = Object.entries(message).filter(([name, value]) => !isInternal(name) && value !== undefined);
  return { type: message.type, data: Object.fromEntries(fields) as unknown as StoredMessage['data'] };
}

/** Returns a new message with all the fields of the kept one. What was a chunk of a message is a message. */
export function revivedMessage({ type, data }: StoredMessage): BaseMessage {
  return mapStoredMessageToChatMessage({ type, data: { ...data } });
}

/**
 * Returns a new message with all the fields of the kept one but its id: what is answered twice is two messages, and a state
 * would replace the first by the second.
 */
export function repeatedMessage({ type, data }: StoredMessage): BaseMessage {
  const { id: _id, ...fields } = data;
  return revivedMessage({ type, data: fields });
}

function isInternal(name: string): boolean {
  return name === 'type' || name.startsWith('lc_');
}
