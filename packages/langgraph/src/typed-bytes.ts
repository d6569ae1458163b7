import type { SerializerProtocol } from '@langchain/langgraph-checkpoint';
import { StateError } from '@keepstep/core/state';

const LINE_BREAK = 10;

/** Turns a value into bytes: the type that the serialiser gives, a line break, and what it makes of the value. */
export async function bytesOf(serde: SerializerProtocol, value: unknown): Promise<Uint8Array> {
  const [type, data] = await serde.dumpsTyped(value);
  const head = Buffer.from(`${type}\n`);
  return Buffer.concat([head, data]);
}

/**
 * Turns the bytes back into the value.
 *
 * @param subject says what it is about, for the error
 * @throws StateError `data_corrupt` when they were damaged
 */
export async function valueOf(serde: SerializerProtocol, bytes: Uint8Array, subject: string): Promise<unknown> {
  try {
    const end = bytes.indexOf(LINE_BREAK);
    const type = Buffer.from(bytes.subarray(0, end)).toString();
    return (await serde.loadsTyped(type, bytes.slice(end + 1))) as unknown;
  } catch (cause) {
    const message = `What the store holds cannot be read: ${subject}. ${cause instanceof Error ? cause.message : ''}`;
    throw new StateError('data_corrupt', message, { subject }, { cause });
  }
}
