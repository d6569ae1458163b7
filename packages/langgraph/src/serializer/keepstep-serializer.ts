import { inspectValue } from '@keepstep/core/adapter';
import { StateError } from '@keepstep/core/state';
import type { SerializerProtocol } from '@langchain/langgraph-checkpoint';

import { readJsonPlus } from './json-plus-reader.ts';
import { readValueText, valueText } from './value-text.ts';

/** Is the type of what is written here; what LangGraph's own serialiser writes has others. */
const TYPE = 'keepstep';

/**
 * Turns values into bytes and back as they went in, or refuses them when they are written.
 *
 * Besides plain data it keeps the messages and documents of LangChain, the instructions of LangGraph (`Send`, `Command`,
 * `Overwrite`, `DeltaSnapshot`) and the errors of the language. Which of them a part was stands beside the data, as a name on
 * a closed list. What LangGraph's own serialiser has written can be read, too.
 */
export class KeepstepSerializer implements SerializerProtocol {
  /** @throws NotEncodableError for what would not come back as it is, with its path; no code of plain data has run then */
  async dumpsTyped(value: unknown): Promise<[string, Uint8Array]> {
    if (isBytes(value)) return ['bytes', value];
    return [TYPE, Buffer.from(valueText(value))];
  }

  /** @throws StateError `data_corrupt` for bytes that were not written so */
  async loadsTyped(type: string, data: Uint8Array | string): Promise<unknown> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    if (type === 'bytes') return new Uint8Array(bytes);
    try {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
      if (type === TYPE) return await readValueText(text);
      if (type === 'json') return readJsonPlus(text);
      throw new SyntaxError(`The type ${JSON.stringify(type)} is not known.`);
    } catch (cause) {
      const message = `The bytes are no value that was written. ${cause instanceof Error ? cause.message : ''}`;
      throw new StateError('data_corrupt', message, { subject: 'a value' }, { cause });
    }
  }
}

/** Tells whether a value is bytes: they need no text. Throws for bytes with more to them. */
function isBytes(value: unknown): value is Uint8Array {
  if (!ArrayBuffer.isView(value) || Object.getPrototypeOf(value) !== Uint8Array.prototype) return false;
  inspectValue(value);
  return true;
}
