import type { SerializerProtocol } from '@langchain/langgraph-checkpoint';
import { StateError } from '@keepstep/core/state';

import { withAdvice } from './not-encodable.ts';

const LINE_BREAK = 10;

/**
 * Turns a value into bytes: the type that the serialiser gives, a line break, and what it makes of the value.
 *
 * @param subject says what the value is part of, for the error
 * @throws NotEncodableError for what would not come back as it is, if the serialiser can tell
 */
export async function bytesOf(serde: SerializerProtocol, value: unknown, subject: string): Promise<Uint8Array> {
  try {
    const [type, data] = await serde.dumpsTyped(value);
    return Buffer.concat([Buffer.from(`${type}\n`), data]);
  } catch (error) {
    throw withAdvice(error, subject);
  }
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
    // Bytes of the store may be a Buffer, and a value would share them.
    return (await serde.loadsTyped(type, new Uint8Array(bytes.subarray(end + 1)))) as unknown;
  } catch (cause) {
    const message = `What the store holds cannot be read: ${subject}. ${cause instanceof Error ? cause.message : ''}`;
    throw new StateError('data_corrupt', message, { subject }, { cause });
  }
}
