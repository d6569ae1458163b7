/** Is one whole value of the wire protocol: the bytes, and the texts in it where it is a command. */
export interface RespValue {
  readonly bytes: Buffer;
  /** Lists the words of a flat array of texts, as commands and pushed messages are; empty for everything else. */
  readonly words: readonly string[];
}

const CR = 13;
const LINE_END = 2;

/** Cuts a stream of RESP2 bytes into whole values, however the network has cut it. */
export class RespScanner {
  #pending: Buffer = Buffer.alloc(0);

  /** Takes bytes in and returns the values that are complete with them. */
  push(chunk: Buffer): RespValue[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const values: RespValue[] = [];
    for (;;) {
      const words: string[] = [];
      const end = endOf(this.#pending, 0, words);
      if (end === undefined) return values;
      values.push({ bytes: this.#pending.subarray(0, end), words });
      this.#pending = this.#pending.subarray(end);
    }
  }
}

/** Returns where the value ends that starts at an offset, or `undefined` while bytes of it are missing. */
function endOf(bytes: Buffer, start: number, words: string[]): number | undefined {
  const lineEnd = bytes.indexOf(CR, start);
  if (lineEnd === -1 || lineEnd + LINE_END > bytes.length) return undefined;
  const next = lineEnd + LINE_END;
  const kind = String.fromCharCode(bytes[start] as number);
  const line = bytes.toString('latin1', start + 1, lineEnd);
  if (kind === '$') return endOfText(bytes, next, Number(line), words);
  if (kind === '*') return endOfArray(bytes, next, Number(line), words);
  if (kind === '+' || kind === '-' || kind === ':') return next;
  throw new Error(`This is no RESP2: a value starts with ${JSON.stringify(kind)}.`);
}

function endOfText(bytes: Buffer, start: number, length: number, words: string[]): number | undefined {
  if (length < 0) return start;
  const end = start + length;
  if (end + LINE_END > bytes.length) return undefined;
  words.push(bytes.toString('latin1', start, end));
  return end + LINE_END;
}

function endOfArray(bytes: Buffer, start: number, length: number, words: string[]): number | undefined {
  let end: number | undefined = start;
  for (let index = 0; index < length && end !== undefined; index += 1) end = endOf(bytes, end, words);
  return end;
}
