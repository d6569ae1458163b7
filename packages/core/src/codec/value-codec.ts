import { parse, stringify, type ParseOperations, type StringifyOperations } from 'devalue';

import { inspectValue, VALUE_FORM, type ValueForm } from './value-inspection.ts';
import { bytesOf } from './value-kind.ts';

const WRITING: Partial<StringifyOperations> = {
  // A view is often a window on a large buffer that holds other people's data.
  viewInfo(view) {
    const { buffer, byteLength } = new Uint8Array(bytesOf(view));
    return { buffer, byteOffset: 0, byteLength, length: view.length, bufferByteLength: byteLength };
  },
};

const READING: Partial<ParseOperations> = {
  box: refuseType,
  fromRegExpInfo: refuseType,
  fromStringValue: (type, text) => (type === 'URL' ? new URL(text) : refuseType()),
};

/**
 * Turns a value into text for a store outside the process. `decodeValue` returns an equal value, in the sense of
 * `util.isDeepStrictEqual`, prototypes included. Shared references come back equal, not necessarily shared.
 *
 * The first character names the format: `j` for JSON, `d` for devalue. Both escape what UTF-8 cannot carry, so the text
 * survives any transport, and no text that was cut off can be decoded.
 *
 * @param form passes on what `inspectValue` said about this value, to spare a second inspection
 * @throws NotEncodableError for what would not come back as it is; see `inspectValue`
 */
export function encodeValue(value: unknown, form: ValueForm = inspectValue(value).form): string {
  return form === VALUE_FORM.json && isSafeForJson(value) ? 'j' + JSON.stringify(value) : 'd' + stringifyRich(value);
}

/**
 * Reads a text that `encodeValue` has written.
 *
 * Builds plain data only: a text from elsewhere cannot make it build regular expressions or anything else that
 * `encodeValue` does not write.
 *
 * @throws Error for any other text, as far as it can tell
 */
export function decodeValue(text: string): unknown {
  const body = text.slice(1);
  switch (text[0]) {
    case 'j':
      return JSON.parse(body);
    case 'd':
      return parse(body, { Buffer: reviveBuffer }, { operations: READING });
    default:
      throw new SyntaxError('The text has no known format.');
  }
}

// A number cut off is a number still, so alone it goes the way that puts brackets around it. And JSON would call a
// `toJSON` that somebody has added to all objects or arrays.
function isSafeForJson(value: unknown): boolean {
  return typeof value !== 'number' && !('toJSON' in Array.prototype);
}

function stringifyRich(value: unknown): string {
  return stringify(value, { Buffer: reduceBuffer }, { operations: WRITING });
}

function reduceBuffer(value: unknown): Uint8Array | false {
  return Buffer.isBuffer(value) && new Uint8Array(value);
}

function reviveBuffer(bytes: unknown): Buffer {
  if (!(bytes instanceof Uint8Array)) throw new SyntaxError('The text has a Buffer without bytes.');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function refuseType(): never {
  throw new SyntaxError('The text has a type that is never written.');
}
