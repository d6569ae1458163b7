import { mapStoredMessageToChatMessage, type BaseMessage, type StoredMessage } from '@langchain/core/messages';

/** Returns a message as plain data, all its fields included. */
export function keptMessage(message: BaseMessage): StoredMessage {
  return message.toDict();
}

/** Returns a new message with all the fields of the kept one. */
export function revivedMessage(kept: StoredMessage): BaseMessage {
  return mapStoredMessageToChatMessage(kept);
}

/**
 * Returns a new message with all the fields of the kept one but its id: what is answered twice is two messages, and a state
 * would replace the first by the second.
 */
export function repeatedMessage(kept: StoredMessage): BaseMessage {
  const { id: _id, ...data } = kept.data;
  return revivedMessage({ ...kept, data });
}
